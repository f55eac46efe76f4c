/** Counting down by the server's clock, however wrong this device's own is. */
import { useEffect, useState } from 'react'

const TICK_MS = 250

/** The server's time now, by how far our clock is ahead of it; ticks until it is not needed. */
export function useServerTime(aheadMs: number, isNeeded: boolean): number {
  const [now, setNow] = useState(() => Date.now() - aheadMs)
  useEffect(() => {
    if (!isNeeded) return
    const tick = () => setNow(Date.now() - aheadMs)
    tick()
    const timer = setInterval(tick, TICK_MS)
    return () => clearInterval(timer)
  }, [aheadMs, isNeeded])
  return now
}

/** "1:02:03" until an instant, "0:00" at it and after. */
export function remaining(until: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((until - now) / 1000))
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const shown = parts[0] ? parts : parts.slice(1)
  return shown.map((one, place) => (place ? String(one).padStart(2, '0') : String(one))).join(':')
}
