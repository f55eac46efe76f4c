/** The name of an event's type among the words: i18next reads a point as a step into them. */
export function typeName(type: string): string {
  return type.replace('.', '_')
}
