/*
 * A crowd of viewers: many keep-alive connections and a fixed rate of requests over all of them.
 *
 * The load is open: request n is due at n / rate, whether earlier ones were answered or not, and its
 * latency counts from the moment it was due. A server that stalls is not spared the requests that
 * would have come meanwhile.
 *
 *   crowd PORT CONNECTIONS RATE SECONDS < requests
 *
 * Each line of the requests is "WEIGHT KEEPS_TAG PATH". With KEEPS_TAG 1 a connection sends the ETag
 * of its last answer to that line along, as a page does. One JSON object is printed at the end.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LINES = 8, HEAD = 4096, TAG = 96, EVENTS = 1024, CHUNK = 65536, PATIENCE_S = 10 };
enum { DOWN, JOINING, IDLE, READING_HEAD, READING_BODY };

typedef struct { int weight, keeps_tag; char path[512]; } Line;
typedef struct {
    int fd, state, line, status, chunked, closing, head_length, end_matched;
    long long left;       /* bytes of the body still to come; of the present chunk when chunked */
    int chunk_phase;      /* 0 size, 1 data, 2 line after the data, 3 trailer */
    double due;
    char head[HEAD];
    char tag[LINES][TAG];
} Viewer;

static Line lines[LINES];
static int line_count, weights;
static Viewer *viewers;
static int *idle, idle_first, idle_count, viewer_count;
static float *latencies;
static long long latency_count, latency_room, sent, ok, unchanged, bad, broken, late, bytes, refused;
static double worst_lag;
static int poller, port;
static char scratch[CHUNK];

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void rest(Viewer *viewer) {
    viewer->state = IDLE;
    idle[(idle_first + idle_count++) % viewer_count] = (int)(viewer - viewers);
}

static void join(Viewer *viewer) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    int one = 1;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    viewer->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (viewer->fd < 0) { refused++; viewer->state = DOWN; return; }
    setsockopt(viewer->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(viewer->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) {
        refused++;
        close(viewer->fd);
        viewer->state = DOWN;
        return;
    }
    viewer->state = JOINING;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = viewer};
    epoll_ctl(poller, EPOLL_CTL_ADD, viewer->fd, &event);
}

static void leave(Viewer *viewer, int counts) {
    if (counts) broken++;
    close(viewer->fd);
    memset(viewer->tag, 0, sizeof viewer->tag);
    join(viewer);
}

static int drawn(void) {
    int lot = rand() % weights;
    for (int one = 0; one < line_count; one++)
        if ((lot -= lines[one].weight) < 0) return one;
    return 0;
}

static void ask(Viewer *viewer, double due) {
    char text[1024];
    int line = drawn();
    const char *tag = viewer->tag[line];
    int length = snprintf(text, sizeof text,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: */*\r\n"
        "Accept-Encoding: gzip, deflate, br, zstd\r\n%s%s%s\r\n",
        lines[line].path, port, *tag ? "If-None-Match: " : "", tag, *tag ? "\r\n" : "");
    viewer->line = line;
    viewer->due = due;
    viewer->head_length = 0;
    viewer->state = READING_HEAD;
    sent++;
    if (send(viewer->fd, text, (size_t)length, MSG_NOSIGNAL) != length) leave(viewer, 1);
}

static void done(Viewer *viewer) {
    if (latency_count < latency_room) latencies[latency_count++] = (float)(now() - viewer->due);
    if (viewer->status == 200) ok++;
    else if (viewer->status == 304) unchanged++;
    else bad++;
    if (viewer->closing) { close(viewer->fd); join(viewer); }  /* its right, after its answer */
    else rest(viewer);
}

static const char *header(const char *head, const char *name) {
    const char *found = strcasestr(head, name);
    return found ? found + strlen(name) : NULL;
}

static void begin_body(Viewer *viewer) {
    const char *value;
    viewer->status = atoi(viewer->head + 9);
    viewer->chunked = header(viewer->head, "\r\nTransfer-Encoding: chunked") != NULL;
    viewer->closing = header(viewer->head, "\r\nConnection: close") != NULL;
    viewer->left = (value = header(viewer->head, "\r\nContent-Length: ")) ? atoll(value) : 0;
    viewer->chunk_phase = 0;
    viewer->state = READING_BODY;
    if (lines[viewer->line].keeps_tag && (value = header(viewer->head, "\r\nETag: "))) {
        size_t length = strcspn(value, "\r");
        if (length < TAG) {
            memcpy(viewer->tag[viewer->line], value, length);
            viewer->tag[viewer->line][length] = 0;
        }
    }
    if (viewer->status == 304) viewer->left = viewer->chunked = 0;
    if (!viewer->chunked && !viewer->left) done(viewer);
}

/* Takes bytes of a chunked body; returns whether it is over. */
static int unchunk(Viewer *viewer, const char *at, const char *end) {
    while (at < end) {
        if (viewer->chunk_phase == 1) {
            long long take = end - at < viewer->left ? end - at : viewer->left;
            at += take;
            if (!(viewer->left -= take)) viewer->chunk_phase = 2;
            continue;
        }
        char one = *at++;
        if (viewer->chunk_phase == 0 && one == '\n') {
            viewer->chunk_phase = viewer->left ? 1 : 3;
        } else if (viewer->chunk_phase == 0 && one != '\r') {
            viewer->left = viewer->left * 16 + (one <= '9' ? one - '0' : (one | 32) - 'a' + 10);
        } else if (viewer->chunk_phase == 2 && one == '\n') {
            viewer->chunk_phase = 0;
        } else if (viewer->chunk_phase == 3 && one == '\n') {
            return 1;
        }
    }
    return 0;
}

static void take(Viewer *viewer, const char *data, long long size) {
    const char *end = data + size;
    bytes += size;
    if (viewer->state == READING_HEAD) {
        int before = viewer->head_length, room = HEAD - 1 - before;
        int copied = size < room ? (int)size : room;
        memcpy(viewer->head + before, data, (size_t)copied);
        viewer->head_length += copied;
        viewer->head[viewer->head_length] = 0;
        char *stop = strstr(viewer->head, "\r\n\r\n");
        if (!stop) { if (!room) leave(viewer, 1); return; }
        data += stop + 4 - viewer->head - before;
        stop[2] = 0;
        begin_body(viewer);
    }
    if (viewer->state != READING_BODY) return;
    if (viewer->chunked ? unchunk(viewer, data, end) : !(viewer->left -= end - data)) done(viewer);
}

static void drain(Viewer *viewer) {
    int fd = viewer->fd;
    for (;;) {
        ssize_t size = recv(fd, scratch, sizeof scratch, 0);
        if (size > 0 && viewer->state >= READING_HEAD) take(viewer, scratch, size);
        else if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        else if (size < 0 && errno == EINTR) continue;
        else if (viewer->state == IDLE) return;  /* closed while it rests: found out when it asks */
        else { leave(viewer, 1); return; }
        if (viewer->fd != fd || viewer->state == JOINING) return;
        if (size < (ssize_t)sizeof scratch) return;
    }
}

static void turn(int wait) {
    static struct epoll_event events[EVENTS];
    int count = epoll_wait(poller, events, EVENTS, wait);
    for (int one = 0; one < count; one++) {
        Viewer *viewer = events[one].data.ptr;
        if (viewer->state == JOINING && events[one].events & (EPOLLERR | EPOLLHUP)) {
            refused++;
            close(viewer->fd);
            join(viewer);
        } else if (viewer->state == JOINING && events[one].events & EPOLLOUT) rest(viewer);
        if (viewer->state >= READING_HEAD && events[one].events & (EPOLLIN | EPOLLHUP)) drain(viewer);
    }
}

static int by_size(const void *left, const void *right) {
    float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

static double part(double share) {
    return latency_count ? latencies[(long long)((double)(latency_count - 1) * share)] * 1000.0 : 0;
}

static void everybody_joins(void) {
    for (int one = 0; one < viewer_count; one++) {
        join(&viewers[one]);
        if (one % 200 == 199) turn(2);  /* not all at once: they come over the minutes before */
    }
    double until = now() + PATIENCE_S;
    while (idle_count < viewer_count && now() < until) turn(10);
}

static double watch(double rate, double seconds) {
    double began = now(), at = began, end = began + seconds;
    long long asked = 0;
    while ((at = now()) < end) {
        while (idle_count && began + (double)asked / rate <= at) {
            double due = began + (double)asked++ / rate;
            Viewer *viewer = &viewers[idle[idle_first]];
            idle_first = (idle_first + 1) % viewer_count;
            idle_count--;
            if (at - due > worst_lag) worst_lag = at - due;
            ask(viewer, due);
        }
        turn(idle_count ? 1 : 10);
    }
    double until = now() + PATIENCE_S;
    while (ok + unchanged + bad + broken < sent && now() < until) turn(10);
    late = sent - (ok + unchanged + bad + broken);  /* never answered */
    return end - began;
}

int main(int count, char **words) {
    if (count != 5) { fprintf(stderr, "crowd PORT CONNECTIONS RATE SECONDS < requests\n"); return 2; }
    port = atoi(words[1]);
    viewer_count = atoi(words[2]);
    double rate = atof(words[3]), seconds = atof(words[4]);
    while (line_count < LINES && scanf("%d %d %511s", &lines[line_count].weight,
            &lines[line_count].keeps_tag, lines[line_count].path) == 3)
        weights += lines[line_count++].weight;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    latency_room = (long long)(rate * seconds * 1.1) + 1000;
    viewers = calloc((size_t)viewer_count, sizeof *viewers);
    idle = calloc((size_t)viewer_count, sizeof *idle);
    latencies = calloc((size_t)latency_room, sizeof *latencies);
    poller = epoll_create1(0);
    if (!weights || !viewers || !idle || !latencies || poller < 0) return 2;
    everybody_joins();
    int joined = idle_count;
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    double took = watch(rate, seconds);
    getrusage(RUSAGE_SELF, &after);
    qsort(latencies, (size_t)latency_count, sizeof *latencies, by_size);
    double own = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec
        - before.ru_stime.tv_sec) + (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec
        + after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1e6;
    printf("{\"joined\": %d, \"sent\": %lld, \"ok\": %lld, \"unchanged\": %lld, \"bad\": %lld, "
        "\"broken\": %lld, \"unanswered\": %lld, \"refused\": %lld, \"per_second\": %.1f, "
        "\"p50_ms\": %.3f, \"p95_ms\": %.3f, \"p99_ms\": %.3f, \"p999_ms\": %.3f, \"most_ms\": %.3f, "
        "\"megabytes\": %.2f, \"lag_ms\": %.3f, \"own_cores\": %.3f}\n",
        joined, sent, ok, unchanged, bad, broken, late, refused,
        (double)(ok + unchanged + bad) / took, part(0.5), part(0.95), part(0.99), part(0.999),
        part(1.0), (double)bytes / 1e6, worst_lag * 1000.0, own / took);
    return 0;
}
