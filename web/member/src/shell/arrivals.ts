/** What has changed between two looks at the balances. */
import { useEffect, useRef, useState } from 'react'

import type { Home } from './home'

export interface Arrival {
  amount: number
  name: string
  at: number
}

const SHOWN_MS = 6_000

/** The change of a balance since the page was opened, for a few seconds after it came. */
export function useArrivals(home: Home | undefined): Arrival | undefined {
  const before = useRef<Home>(undefined)
  const [arrived, setArrived] = useState<Arrival>()
  useEffect(() => {
    const was = before.current
    before.current = home
    if (!home || was?.member !== home.member) return
    const found = difference(was, home)
    if (found) setArrived(found)
  }, [home])
  useEffect(() => {
    if (!arrived) return
    const timer = window.setTimeout(() => setArrived(undefined), SHOWN_MS)
    return () => window.clearTimeout(timer)
  }, [arrived])
  return arrived
}

function difference(was: Home, now: Home): Arrival | undefined {
  for (const balance of now.balances) {
    const old = was.balances.find((one) => one.currency === balance.currency)
    const amount = totalOf(balance) - (old ? totalOf(old) : 0)
    if (amount !== 0) return { amount, name: balance.name, at: Date.now() }
  }
  return undefined
}

function totalOf(balance: Home['balances'][number]): number {
  return balance.available + balance.pending + balance.held
}
