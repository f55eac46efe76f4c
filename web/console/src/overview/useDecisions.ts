/** Decisions as they are made. The browser itself comes again when the line breaks. */
import type { Schemas } from '@regulars/shared/api/client'
import { useEffect, useState } from 'react'

export type Decision = Schemas['DecisionAnswer']

const MOST = 50
/** Nobody is there: the stream must not keep a session alive. */
const IDLE_MS = 10 * 60_000
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'scroll'] as const

export type Line = 'open' | 'waiting' | 'away' | 'paused'

export interface Stream {
  decisions: Decision[]
  line: Line
}

/** The newest first. Nothing is fetched while paused, while the page is hidden, or where nobody has
 * moved for a while. */
export function useDecisions(language: string, isPaused: boolean): Stream {
  const [decisions, setDecisions] = useState<Decision[]>([])
  const [isOpen, setOpen] = useState(false)
  const isAway = useAway()
  const isOn = !isPaused && !isAway

  useEffect(() => {
    if (!isOn || typeof EventSource === 'undefined') return
    const source = new EventSource(`/v1/decisions:stream?language=${language}`)
    source.onopen = () => setOpen(true)
    source.onerror = () => setOpen(false)
    source.addEventListener('decision', (event: MessageEvent<string>) => {
      const fresh = JSON.parse(event.data) as Decision
      setDecisions((before) =>
        [fresh, ...before.filter((one) => one.event !== fresh.event)].slice(0, MOST),
      )
    })
    return () => {
      source.close()
      setOpen(false)
    }
  }, [language, isOn])

  return { decisions, line: isPaused ? 'paused' : isAway ? 'away' : isOpen ? 'open' : 'waiting' }
}

function useAway(): boolean {
  const [isAway, setAway] = useState(document.hidden)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const here = () => {
      clearTimeout(timer)
      setAway(document.hidden)
      if (!document.hidden) timer = setTimeout(() => setAway(true), IDLE_MS)
    }
    here()
    document.addEventListener('visibilitychange', here)
    for (const sign of SIGNS) window.addEventListener(sign, here, { passive: true })
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', here)
      for (const sign of SIGNS) window.removeEventListener(sign, here)
    }
  }, [])
  return isAway
}
