// Finds functions by name, summary and argument; FUNCTIONS comes from index.js.
(function () {
  const input = document.querySelector(".search input");
  const list = document.querySelector(".search ul");
  let chosen = 0;

  function rank(entry, words) {
    const name = entry.name.toLowerCase();
    let total = 0;
    for (const word of words) {
      if (name.startsWith(word)) total += 4;
      else if (name.includes(word)) total += 3;
      else if (entry.summary.toLowerCase().includes(word)) total += 2;
      else if (entry.more.toLowerCase().includes(word)) total += 1;
      else return 0;
    }
    return total;
  }

  function show() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = words.length
      ? FUNCTIONS.map((entry) => [rank(entry, words), entry])
          .filter(([points]) => points)
          .sort((a, b) => b[0] - a[0])
          .slice(0, 12)
      : [];
    chosen = Math.min(chosen, Math.max(0, found.length - 1));
    list.replaceChildren(
      ...found.map(([, entry], position) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        const name = document.createElement("b");
        link.href = entry.name + ".html";
        name.textContent = entry.name;
        link.append(name, entry.summary);
        item.append(link);
        if (position === chosen) item.className = "chosen";
        return item;
      }),
    );
  }

  input.addEventListener("input", () => { chosen = 0; show(); });
  input.addEventListener("keydown", (event) => {
    const links = list.querySelectorAll("a");
    if (event.key === "ArrowDown") chosen = Math.min(chosen + 1, links.length - 1);
    else if (event.key === "ArrowUp") chosen = Math.max(chosen - 1, 0);
    else if (event.key === "Enter" && links[chosen]) location.href = links[chosen].href;
    else if (event.key === "Escape") input.value = "";
    else return;
    event.preventDefault();
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
    }
  });
  show();
})();
