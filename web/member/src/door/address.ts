/** A phone number or an e-mail address, whichever somebody has typed. */
export type Address = { email: string } | { phone: string }

/** Nothing for what is neither. The server brings it into its one form. */
export function addressOf(typed: string): Address | undefined {
  const text = typed.trim()
  if (text.includes('@')) return /^\S+@\S+\.\S+$/.test(text) ? { email: text } : undefined
  const digits = text.replace(/[\s().-]/g, '')
  return /^\+?\d{6,15}$/.test(digits) ? { phone: digits } : undefined
}

export function textOf(address: Address): string {
  return 'email' in address ? address.email : address.phone
}
