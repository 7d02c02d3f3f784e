// One script for all players of a page: the first one defines it, the later ones only call it.
if (!window.vgsnbPlayers) {
  // Sound is decoded into samples and not played by the audio element: seeking in it is only true to about 0.1 s.
  let context = null;
  let current = null;
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const make = (name, attributes, text) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    return node;
  };
  class Player {
    constructor(root) {
      this.root = root;
      this.data = JSON.parse(root.querySelector(".vgsnb-data").textContent);
      this.audio = root.querySelector("audio");
      this.time = root.querySelector(".vgsnb-time");
      this.track = root.querySelector(".vgsnb-track");
      this.scroll = root.querySelector(".vgsnb-scroll");
      this.cursor = root.querySelector(".vgsnb-cursor");
      this.words = [...root.querySelectorAll(".vgsnb-word")];
      this.now = 0;
      this.controls();
      this.listen();
      this.choose(0);
      this.draw();
    }
    controls() {
      const box = this.root.querySelector(".vgsnb-controls");
      this.button = make("button", { type: "button", class: "vgsnb-play" }, "▶ Play");
      this.clock = make("span", { class: "vgsnb-clock" });
      box.append(this.button, this.clock);
      if (this.data.keywords.length > 1) {
        this.select = make("select", {});
        this.data.keywords.forEach((k, i) => this.select.append(make("option", { value: i }, k.keyword)));
        const label = make("label", {}, "Keyword ");
        label.append(this.select);
        box.append(label);
        this.select.addEventListener("change", () => this.choose(Number(this.select.value)));
      }
      this.help = make("p", { class: "vgsnb-help" },
        "Click a word to hear it (with Shift: from there on), or the picture of the sound to play from there. " +
        "Keys: arrows move, Enter or Space plays.");
      this.root.insertBefore(this.help, this.root.querySelector(".vgsnb-table"));
      this.audio.hidden = true;
      box.hidden = false;
    }
    listen() {
      this.button.addEventListener("click", () => this.playing ? this.stop() : this.play(this.now >= this.data.duration - 0.01 ? 0 : this.now));
      for (const [key, value] of Object.entries({ role: "slider", tabindex: 0, "aria-label": "Position in the utterance", "aria-valuemin": 0, "aria-valuemax": this.data.duration }))
        this.track.setAttribute(key, value);
      this.track.addEventListener("click", (event) => {
        const box = this.track.getBoundingClientRect();
        this.play(this.data.duration * (event.clientX - box.left) / box.width);
      });
      this.track.addEventListener("keydown", (event) => this.slide(event));
      this.words.forEach((word, i) => {
        word.tabIndex = i ? -1 : 0;
        word.addEventListener("click", (event) => this.say(word, event.shiftKey));
        word.addEventListener("keydown", (event) => this.walk(event, i));
      });
    }
    slide(event) {
      const step = { ArrowRight: 0.1, ArrowUp: 0.1, ArrowLeft: -0.1, ArrowDown: -0.1, PageUp: 1, PageDown: -1, Home: -1e9, End: 1e9 }[event.key];
      if (step !== undefined) {
        this.stop();
        this.now = Math.min(this.data.duration, Math.max(0, this.now + step));
        this.draw();
      } else if (event.key === "Enter" || event.key === " ") {
        if (this.playing) this.stop(); else this.play(this.now);
      } else return;
      event.preventDefault();
    }
    walk(event, i) {
      const to = { ArrowRight: i + 1, ArrowDown: i + 1, ArrowLeft: i - 1, ArrowUp: i - 1, Home: 0, End: this.words.length - 1 }[event.key];
      const word = this.words[to];
      if (to === undefined) return;
      event.preventDefault();
      if (!word) return;
      this.words[i].tabIndex = -1;
      word.tabIndex = 0;
      word.focus();
    }
    say(word, onwards) {
      const start = Number(word.dataset.start);
      this.play(start, onwards ? undefined : Number(word.dataset.end));
    }
    async sound() {
      if (!context) context = new AudioContext();
      const resumed = context.resume();
      if (!this.samples) {
        const code = atob(this.audio.src.split(",")[1]);
        this.samples = await context.decodeAudioData(Uint8Array.from(code, (c) => c.charCodeAt(0)).buffer);
        this.lead = this.samples.duration > this.data.duration + 0.05 ? this.data.lead : 0;
      }
      await resumed;
    }
    async play(from, to = this.data.duration) {
      if (current) current.stop();
      this.stop();
      current = this;
      const ticket = this.ticket = {};
      this.now = from;
      this.draw();
      try { await this.sound(); } catch (error) { return this.fallback(); }
      if (this.ticket !== ticket) return;
      const source = context.createBufferSource();
      source.buffer = this.samples;
      source.connect(context.destination);
      source.onended = () => { if (this.source === source) { this.now = to; this.stop(); } };
      source.start(0, this.lead + from, Math.max(0.05, to - from));
      Object.assign(this, { source, from, to, since: context.currentTime, playing: true });
      this.root.dataset.playing = "true";
      this.button.textContent = "❚❚ Pause";
      this.follow();
    }
    follow() {
      if (!this.playing) return;
      this.now = Math.min(this.to, this.from + context.currentTime - this.since);
      this.draw();
      this.keepInSight();
      requestAnimationFrame(() => this.follow());
    }
    keepInSight() {
      const x = this.time.clientWidth * this.now / this.data.duration - this.scroll.scrollLeft;
      if (x > 0 && x < this.scroll.clientWidth - 30) return;
      this.scroll.scrollTo({ left: this.scroll.scrollLeft + x - 60, behavior: calm() ? "auto" : "smooth" });
    }
    stop() {
      this.ticket = null;
      this.playing = false;
      const source = this.source;
      this.source = null;
      if (source) source.stop();
      delete this.root.dataset.playing;
      this.button.textContent = "▶ Play";
      this.draw();
    }
    // A browser without decoding of this sound still has its own controls.
    fallback() {
      this.stop();
      this.audio.hidden = false;
      this.audio.currentTime = this.now;
      this.audio.play();
    }
    draw() {
      const share = 100 * this.now / this.data.duration;
      this.cursor.hidden = !this.playing && this.now === 0;
      this.cursor.style.left = share + "%";
      this.clock.textContent = `${this.now.toFixed(2)} / ${this.data.duration.toFixed(2)} s`;
      this.root.dataset.time = this.now.toFixed(3);
      let spoken = "";
      for (const word of this.words) {
        const inside = this.now >= word.dataset.start && this.now < word.dataset.end && (this.playing || this.now > 0);
        word.classList.toggle("is-spoken", inside);
        if (inside) spoken = ", " + word.textContent;
      }
      this.track.setAttribute("aria-valuenow", this.now.toFixed(2));
      this.track.setAttribute("aria-valuetext", `${this.now.toFixed(2)} seconds${spoken}`);
    }
    choose(index) {
      const about = this.data.keywords[index];
      if (!about) { this.root.querySelector(".vgsnb-strip").style.display = "none"; return; }
      this.strip(about);
      const place = this.root.querySelector(".vgsnb-place");
      place.hidden = !about.place;
      if (about.place) {
        const [time, start, end] = about.place;
        const whole = this.data.duration;
        place.style.left = `${100 * Math.min(start, time) / whole}%`;
        place.style.width = `${100 * (Math.max(end, time) - Math.min(start, time)) / whole}%`;
        place.style.setProperty("--pin", end > start ? `${100 * (time - start) / (end - start)}%` : "50%");
        place.classList.toggle("is-right", about.right);
      }
      for (const word of this.words) word.classList.toggle("is-keyword", word.textContent === about.keyword);
      this.root.querySelector(".vgsnb-report").textContent = about.report +
        (about.cells ? ` Strip: scores from ${about.low} (pale) to ${about.high} (full).` : "");
    }
    strip(about) {
      const svg = this.root.querySelector(".vgsnb-strip");
      svg.replaceChildren();
      if (!about.cells) return;
      const levels = [...atob(about.cells)].map((c) => c.charCodeAt(0));
      svg.setAttribute("viewBox", `0 0 ${levels.length} 1`);
      levels.forEach((level, x) => {
        if (level === 255) return;
        const cell = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        // A hair wider than its column, so that no seam shows between two.
        for (const [key, value] of Object.entries({ x, y: 0, width: 1.02, height: 1, "fill-opacity": (0.04 + 0.96 * level / 250).toFixed(3) }))
          cell.setAttribute(key, value);
        svg.append(cell);
      });
    }
  }
  window.vgsnbPlayers = () => {
    for (const root of document.querySelectorAll(".vgsnb-player:not([data-ready])")) {
      root.dataset.ready = "true";
      root.vgsnb = new Player(root);
    }
  };
}
window.vgsnbPlayers();
