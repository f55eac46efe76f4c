/** Which part of the forms shows a place of the document. */
import { pathOf } from './pointers'

/** The sections of the forms, and which properties of the document stand in each. */
export const SECTIONS: Record<string, string[]> = {
  rules: ['rules', 'stacking'],
  tiers: ['tiers'],
  benefits: ['benefits'],
  lifecycle: ['lifecycle'],
  cards: ['cards'],
  points: ['currencies', 'conversions'],
  budgets: ['budgets'],
  badges: ['badges'],
  head: ['regulars', 'program', 'name', 'time_zone', 'money'],
  members: ['members', 'event_attributes', 'event_types'],
  returns: ['returns'],
  examples: ['examples'],
}

/** The section, and the entry of its list; null for the document as a whole. */
export function jumpTo(pointer: string): { section: string; item: string } | null {
  const [property, entry] = pathOf(pointer)
  const section = Object.entries(SECTIONS).find(([, names]) =>
    names.includes(String(property)),
  )?.[0]
  if (!section) return null
  return { section, item: typeof entry === 'number' ? String(entry) : '' }
}
