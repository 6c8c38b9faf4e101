// Says that a question cannot wait: in the title of the window, and by a soft tone if somebody wants it.

const CHOICE = "mindcast.desk.sound";
const TONES = [523.25, 659.25]; // C5 and E5: heard, and nobody is startled
const TONE_SECONDS = 0.35;
const LOUDNESS = 0.12;

/** The mark before the title, and the tone. */
export class Alarm {
  private readonly words: string;
  private known: ReadonlySet<string>;
  private context: AudioContext | null = null;
  isAudible = localStorage.getItem(CHOICE) === "on";

  constructor(words: string, known: readonly string[]) {
    this.words = words;
    this.known = new Set(known);
    this.name(known.length);
  }

  /** Switch the tone on or off; a press is what lets a page make sounds at all. */
  toggle(): void {
    this.isAudible = !this.isAudible;
    localStorage.setItem(CHOICE, this.isAudible ? "on" : "off");
    if (this.isAudible) this.ring();
  }

  /** Tell what is urgent now; a new one rings. */
  tell(urgent: readonly string[]): void {
    const isNew = urgent.some((id) => !this.known.has(id));
    this.known = new Set(urgent);
    this.name(urgent.length);
    if (isNew && this.isAudible) this.ring();
  }

  private name(count: number): void {
    const plain = document.title.replace(/^\(! \d+\) [^·]* · /, ""); // the page may have changed its title itself
    const title = count > 0 ? `(! ${count}) ${this.words} · ${plain}` : plain;
    if (document.title !== title) document.title = title;
  }

  private ring(): void {
    this.context ??= new AudioContext();
    void this.context.resume();
    TONES.forEach((hertz, at) => this.tone(hertz, at * TONE_SECONDS));
  }

  private tone(hertz: number, after: number): void {
    const context = this.context;
    if (!context) return;
    const begins = context.currentTime + after;
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(LOUDNESS, begins);
    volume.gain.exponentialRampToValueAtTime(0.001, begins + TONE_SECONDS);
    tone.connect(volume).connect(context.destination);
    tone.start(begins);
    tone.stop(begins + TONE_SECONDS);
  }
}
