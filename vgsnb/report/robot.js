// One script for all robots of a page: the first one defines it, the later ones only call it.
if (!window.vgsnbRobots) {
  let playing = null;
  const play = (source) => {
    if (playing) playing.pause();
    playing = new Audio(source);
    playing.play().catch(() => {}); // pressed again before it could be played
  };
  const make = (name, attributes, text) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    return node;
  };
  class Robot {
    constructor(root) {
      this.root = root;
      this.episodes = JSON.parse(root.querySelector(".vgsnb-data").textContent);
      this.score = {};
      this.played = new Set();
      this.box = root.querySelector(".vgsnb-game");
      this.box.hidden = false;
      root.querySelector(".vgsnb-plain").hidden = true;
      this.show(0);
    } // ways to hear and to choose are buttons: keys and screen readers reach them
    token(picture, label) {
      const button = make("button", { type: "button", class: "vgsnb-token", "aria-label": label });
      button.append(make("img", { src: picture, alt: "" }), make("small", {}, ""));
      return button;
    }
    show(number) {
      this.number = number;
      this.answered = false;
      const episode = this.episodes[number];
      this.box.replaceChildren(make("p", {}, "You are the robot. These words belong to these pictures (press to hear):"));
      const support = make("div", { class: "vgsnb-row" });
      episode.shown.forEach((pair, place) => {
        const button = this.token(pair.picture, `Pair ${place + 1}: hear its word`);
        button.lastChild.textContent = "▶";
        button.addEventListener("click", () => play(pair.sound));
        support.append(button);
      });
      const query = make("button", { type: "button", class: "vgsnb-go" }, "▶ The query");
      query.addEventListener("click", () => play(episode.query));
      const line = make("p", {}, "Somebody else says one of them: ");
      line.append(query);
      this.choices = make("div", { class: "vgsnb-row" });
      episode.choices.forEach((picture, place) => {
        const button = this.token(picture, `Picture ${place + 1}: the query means this one`);
        button.addEventListener("click", () => this.answer(place));
        this.choices.append(button);
      });
      this.said = make("p", { class: "vgsnb-said", role: "status" });
      this.next = make("button", { type: "button", class: "vgsnb-go" }, "Next");
      this.next.hidden = true;
      this.next.addEventListener("click", () => {
        this.show((number + 1) % this.episodes.length);
        this.box.querySelector("button").focus();
      });
      this.box.append(support, line, make("p", {}, "Which of these new pictures is meant?"), this.choices, this.said, this.next);
    }
    answer(place) {
      if (this.answered) return;
      this.answered = true;
      const episode = this.episodes[this.number];
      const right = (choice) => episode.right.includes(choice);
      const all = { you: place, ...episode.answers };
      [...this.choices.children].forEach((button, choice) => {
        button.setAttribute("aria-disabled", "true");
        const names = Object.keys(all).filter((name) => all[name] === choice);
        const mark = right(choice) ? ["✓"] : names.includes("you") ? ["✗"] : [];
        button.lastChild.textContent = [...mark, ...names].join("\n");
        const verdict = right(choice) ? ", right" : "";
        button.setAttribute("aria-label", `Picture ${choice + 1}${verdict}; chosen by ${names.join(", ") || "nobody"}`);
        if (right(choice)) button.classList.add("is-right");
        else if (names.includes("you")) button.classList.add("is-wrong");
      });
      if (!this.played.has(this.number))
        for (const name of Object.keys(all)) this.score[name] = (this.score[name] || 0) + Number(right(all[name]));
      this.played.add(this.number);
      const which = episode.right.map((choice) => choice + 1).join(" or ");
      const tally = Object.entries(this.score).map(([name, count]) => `${name} ${count}`).join(", ");
      this.said.textContent = `“${episode.word}”: you are ${right(place) ? "right" : "wrong"}, picture ${which} is meant. Right of ${this.played.size} so far: ${tally}.`;
      this.next.hidden = false;
      this.next.focus();
    }
  }
  window.vgsnbRobots = () => {
    for (const root of document.querySelectorAll(".vgsnb-robot:not([data-ready])")) {
      root.dataset.ready = "yes";
      new Robot(root);
    }
  };
}
window.vgsnbRobots();
