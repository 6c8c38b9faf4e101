// The studio's database in the browser, and its requests as promises.

const PREFIX = "mindcast-studio-";
const VERSION = 1;
const OPEN_MS = 4000; // some private windows neither open a database nor say why not

export const TABLES = ["lives", "recordings", "pieces", "chunks"] as const;
export type Table = (typeof TABLES)[number];

/** Return the name of somebody's database: whoever uses the same computer next has another one. */
export function databaseOf(person: string): string {
  return PREFIX + person;
}

/** Return the names of the databases that others have in this browser, where it tells. */
export async function databasesOfOthers(person: string): Promise<string[]> {
  const names = ((await indexedDB.databases?.()) ?? []).map(({ name }) => name ?? "");
  return names.filter((name) => name.startsWith(PREFIX) && name !== databaseOf(person));
}

/** Open a database; it fails where the browser keeps none, or an old tab blocks its upgrade. */
export function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, VERSION);
    const late = setTimeout(() => reject(new Error("The database does not open.")), OPEN_MS);
    const refuse = (why: string) => (): void => { clearTimeout(late); reject(request.error ?? new Error(why)); };
    request.onupgradeneeded = () => build(request.result);
    request.onblocked = refuse("Another tab blocks the database.");
    request.onerror = refuse("The database cannot be opened.");
    request.onsuccess = () => {
      clearTimeout(late);
      request.result.onversionchange = () => request.result.close(); // do not block a newer page
      resolve(request.result);
    };
  });
}

function build(database: IDBDatabase): void {
  database.createObjectStore("lives", { keyPath: "livestreamId" });
  database.createObjectStore("recordings", { keyPath: "recording" }).createIndex("livestream", "livestreamId");
  database.createObjectStore("pieces", { keyPath: ["livestreamId", "recording", "order"] });
  database.createObjectStore("chunks", { keyPath: ["livestreamId", "number"] });
}

/** Wait for a request. */
export function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The database failed."));
  });
}

/** Run `work` in one transaction; what it returns is given when the transaction is committed. */
export async function step<T>(
  database: IDBDatabase, mode: IDBTransactionMode, work: (table: (name: Table) => IDBObjectStore) => Promise<T>,
): Promise<T> {
  // Relaxed: written when the operating system has it. The tab and the browser may crash then; only
  // a power cut costs what was not sent in the last seconds, and the disk is not flushed four times
  // a second.
  const transaction = database.transaction([...TABLES], mode, { durability: "relaxed" });
  const done = new Promise<void>((resolve, reject) => {
    const refuse = (): void => reject(transaction.error ?? new Error("The database failed."));
    transaction.oncomplete = () => resolve();
    transaction.onabort = refuse;
    transaction.onerror = refuse;
  });
  done.catch(() => undefined); // it is waited for below, unless the work fails first
  try {
    const found = await work((name) => transaction.objectStore(name));
    await done;
    return found;
  } catch (fault) {
    try { transaction.abort(); } catch { /* it is over already */ }
    throw fault;
  }
}

/** Go through rows in the order of their keys until `visit` returns false. */
export function each<T>(
  request: IDBRequest<IDBCursorWithValue | null>, visit: (row: T, cursor: IDBCursorWithValue) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error ?? new Error("The database failed."));
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor && visit(cursor.value as T, cursor)) cursor.continue();
      else resolve();
    };
  });
}
