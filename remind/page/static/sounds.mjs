// Chimes by Web Audio; words by the browser's own voice if it has one, else by the server through the system.

const CHIMES = { // each tone: pitch, after how many seconds, how long
  notice: [[880, 0, 0.12]],
  begin: [[660, 0, 0.25], [990, 0.16, 0.5]],
  ease: [[660, 0, 0.25], [495, 0.16, 0.5]],
  end: [[660, 0, 0.25], [830, 0.2, 0.25], [990, 0.4, 0.8]],
};
const CHOICES = ["both", "chime", "voice", "none"];
const NAMES = { both: "Sound: both", chime: "Sound: chime", voice: "Sound: voice", none: "Sound: off" };

export class Sounds {
  #context = null;
  #sayThroughSystem;
  choice;

  /** `sayThroughSystem` asks the server to say what it told last. */
  constructor(choice, sayThroughSystem) {
    this.choice = choice;
    this.#sayThroughSystem = sayThroughSystem;
    // A browser plays nothing before the first key or click.
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => this.unlock(), { capture: true });
  }

  get name() { return NAMES[this.choice]; }

  turn() {
    this.choice = CHOICES[(CHOICES.indexOf(this.choice) + 1) % CHOICES.length];
    if (!this.#speaks) globalThis.speechSynthesis?.cancel();
  }

  async unlock() {
    this.#context ??= new AudioContext();
    if (this.#context.state !== "running") await this.#context.resume();
  }

  play(name) {
    if (!["both", "chime"].includes(this.choice) || this.#context?.state !== "running") return;
    for (const [pitch, after, length] of CHIMES[name] ?? []) this.#tone(pitch, this.#context.currentTime + after, length);
  }

  say(words) {
    if (!this.#speaks || !words) return;
    const language = document.documentElement.lang;
    const voice = globalThis.speechSynthesis?.getVoices().find(one => one.localService && one.lang.startsWith(language));
    if (!voice) {
      this.#sayThroughSystem();
      return;
    }
    speechSynthesis.cancel();
    const utterance = new SpeechSynthesisUtterance(words);
    utterance.voice = voice;
    utterance.rate = 0.95;
    speechSynthesis.speak(utterance);
  }

  get #speaks() { return ["both", "voice"].includes(this.choice); }

  #tone(pitch, at, length) {
    const tone = this.#context.createOscillator(), volume = this.#context.createGain();
    tone.type = "triangle";
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.5, at + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.001, at + length);
    tone.connect(volume).connect(this.#context.destination);
    tone.start(at);
    tone.stop(at + length + 0.05);
  }
}
