/** The figures on top of the page, and how each compares with the span before. */
import type { Overview } from './series'

export interface Figure {
  key:
    | 'sales'
    | 'purchases'
    | 'withoutMembers'
    | 'members'
    | 'newMembers'
    | 'active'
    | 'atRisk'
    | 'issued'
    | 'redeemed'
    | 'expired'
    | 'returned'
    | 'rate'
    | 'liability'
  kind: 'money' | 'count' | 'points' | 'share'
  now: number | null
  before: number | null
  /** Whether more is good, bad, or neither. */
  more: 'good' | 'bad' | 'neither'
}

type Compared = { now: number | null; before: number | null }

export function figuresOf(overview: Overview, currency: string): Figure[] {
  const { members, sales } = overview
  const points = overview.currencies.find((one) => one.currency === currency)
  const net: Compared = {
    now: less(sales.amount.now, sales.came_back.now),
    before: less(sales.amount.before, sales.came_back.before),
  }
  const figure = (
    key: Figure['key'],
    kind: Figure['kind'],
    of: Compared,
    more: Figure['more'] = 'good',
  ): Figure => ({ key, kind, now: of.now, before: of.before, more })
  const made = [
    figure('sales', 'money', net),
    figure('purchases', 'count', sales.purchases),
    figure('withoutMembers', 'money', sales.without_members, 'neither'),
    figure('members', 'count', members.total),
    figure('newMembers', 'count', members.new),
    figure('active', 'count', members.active),
    figure('atRisk', 'count', members.at_risk, 'bad'),
  ]
  if (points)
    made.push(
      figure('issued', 'points', points.issued, 'neither'),
      figure('redeemed', 'points', points.redeemed),
      figure('expired', 'points', points.expired, 'neither'),
      figure('returned', 'points', points.returned, 'neither'),
      figure('rate', 'share', shares(points.redemption_rate_bp)),
      figure('liability', 'points', points.outstanding, 'neither'),
    )
  return made.filter((one) => one.now !== null || !OPTIONAL.has(one.key))
}

/** Left out where nothing is known of them. */
const OPTIONAL = new Set<Figure['key']>(['withoutMembers', 'liability'])
const BASIS_POINTS = 10_000

function shares(of: Compared): Compared {
  const share = (value: number | null) => (value === null ? null : value / BASIS_POINTS)
  return { now: share(of.now), before: share(of.before) }
}

function less(value: number | null, back: number | null): number | null {
  return value === null ? null : value - (back ?? 0)
}

export interface Change {
  absolute: number
  /** Null where there was nothing before. */
  relative: number | null
  way: 'up' | 'down' | 'same'
  mood: 'good' | 'bad' | 'neutral'
}

export function changeOf({ now, before, more }: Figure): Change | null {
  if (now === null || before === null) return null
  const absolute = now - before
  const way = absolute > 0 ? 'up' : absolute < 0 ? 'down' : 'same'
  const isMore = way === 'up'
  const mood =
    way === 'same' || more === 'neither' ? 'neutral' : isMore === (more === 'good') ? 'good' : 'bad'
  return { absolute, relative: before === 0 ? null : absolute / Math.abs(before), way, mood }
}
