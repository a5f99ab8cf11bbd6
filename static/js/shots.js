// What a tile of the upload field shows of what arrived: a picture, or the name of a file of paper.

/** The element for `photo` ({thumbnail} or {name}); a picture is called `words`. */
export function viewOf(photo, words) {
  if (photo.thumbnail) {
    const image = document.createElement("img");
    image.src = photo.thumbnail;
    image.alt = words;
    return image;
  }
  const name = document.createElement("span");
  name.className = "clamp-2";
  name.textContent = photo.name;
  return name;
}
