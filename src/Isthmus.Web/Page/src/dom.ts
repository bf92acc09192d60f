type Content = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

/** Makes an element. Text is text: nothing is ever parsed as HTML. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...content: Content[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name, value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(
    ...content
      .filter((each) => each !== null && each !== undefined && each !== false)
      .map((each) => (each instanceof Node ? each : printable(String(each)))),
  );
  return element;
}

export function byId<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

/** Names are chosen by others: what is no character to see is written as its number. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (each) => `\\x${each.codePointAt(0)!.toString(16).padStart(2, '0')}`);
}

export function setText(element: Element, text: string): void {
  const safe = printable(text);
  if (element.textContent !== safe) {
    element.textContent = safe;
  }
}
