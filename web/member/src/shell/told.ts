/** What the server answered; what it refused is thrown, as its problem document. */
interface Outcome<T> {
  data?: T
  error?: unknown
}

export async function told<T>(call: Promise<Outcome<T>>): Promise<T> {
  const { data, error } = await call
  if (data === undefined) throw error as Error
  return data
}

/** A body without the fields that the server fills in itself. */
export function sent<T>(body: NoInfer<Partial<T>>): NonNullable<T> {
  return body as NonNullable<T>
}
