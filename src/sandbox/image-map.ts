/** The image to use in place of `image`, or `image` itself where the map names none; `ubuntu` and `ubuntu:latest` are the same. */
export function substituteImage(image: string, map: Record<string, string>): string {
  const short = image.replace(/^docker\.io\/(library\/)?/, '').replace(/:latest$/, '');
  return map[image] ?? map[short] ?? map[`${short}:latest`] ?? image;
}
