// Photo picker: several shots in a row from the camera, with thumbnails, before anything is sent.
// Without this script the two inputs still send one camera shot and any number from the album.
(function () {
  "use strict";

  function draw(file, tile) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 240;
    tile.prepend(canvas);
    // A canvas rather than a blob: address, so the page's policy need not allow one. HEIC cannot be drawn: its name stays.
    createImageBitmap(file).then(function (image) {
      const side = Math.min(image.width, image.height);
      const pen = canvas.getContext("2d");
      pen.drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, 0, 0, 240, 240);
    }, function () {
      canvas.replaceWith(document.createTextNode(file.name));
    });
  }

  function start(field) {
    const inputs = field.querySelectorAll("input[type=file]");
    const album = inputs[inputs.length - 1];
    const shots = field.querySelector(".shots");
    let files = [];

    function show() {
      const box = new DataTransfer();
      files.forEach(function (file) { box.items.add(file); });
      album.files = box.files;
      shots.querySelectorAll(".shot-new").forEach(function (tile) { tile.remove(); });
      files.forEach(function (file, place) {
        const tile = document.createElement("span");
        tile.className = "shot shot-new";
        const drop = document.createElement("button");
        drop.type = "button";
        drop.className = "x";
        drop.textContent = "✕";
        drop.setAttribute("aria-label", "删除照片 " + (place + 1));
        drop.addEventListener("click", function () {
          files.splice(place, 1);
          show();
        });
        tile.append(drop);
        draw(file, tile);
        shots.append(tile);
      });
    }

    inputs.forEach(function (input) {
      input.addEventListener("change", function () {
        files = files.concat(Array.from(input.files));
        input.value = "";
        show();
      });
    });
  }

  function startWithin(root) {
    root.querySelectorAll("[data-photos]:not([data-started])").forEach(function (field) {
      field.dataset.started = "1";
      start(field);
    });
  }

  startWithin(document);
  document.addEventListener("htmx:load", function (event) { startWithin(event.detail.elt); });
})();
