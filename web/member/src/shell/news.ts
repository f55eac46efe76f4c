/** Notices what happens at the till while the member looks at their page. */
import { language, localeOf } from '@regulars/shared/languages'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'

import { HOME } from './home'

const SOON_MS = 1_500
const LATER_MS = 10_000
/** After so long without a touch nobody seems to wait at a till any more. */
const PATIENCE_MS = 180_000

const NEWS = '/v1/me/changes'

/** Asks every second or two whether anything is new, as long as the page is seen; slower when
 *  nobody has touched it for minutes; not at all in the background. `mark`: what is shown. */
export function useNews(mark: string | undefined): void {
  const queries = useQueryClient()
  const known = useRef(mark)
  useEffect(() => {
    known.current = mark
  }, [mark])
  const isSignedIn = mark !== undefined
  useEffect(() => {
    if (!isSignedIn) return
    let timer = 0
    let touched = Date.now()
    let isOver = false
    const look = async () => {
      const next = await changed(known.current)
      if (isOver) return
      if (next !== undefined && next !== known.current) {
        known.current = next
        void queries.invalidateQueries({ queryKey: HOME })
        void queries.invalidateQueries({ queryKey: ['history'] })
        void queries.invalidateQueries({ queryKey: ['notices'] })
      }
      plan()
    }
    const plan = () => {
      window.clearTimeout(timer)
      if (isOver || document.visibilityState !== 'visible') return
      const wait = Date.now() - touched < PATIENCE_MS ? SOON_MS : LATER_MS
      timer = window.setTimeout(() => void look(), wait)
    }
    const touch = () => {
      const isLate = Date.now() - touched >= PATIENCE_MS
      touched = Date.now()
      if (isLate) plan()
    }
    const turn = () => {
      touched = Date.now()
      if (document.visibilityState === 'visible') void look()
      else window.clearTimeout(timer)
    }
    document.addEventListener('visibilitychange', turn)
    document.addEventListener('pointerdown', touch)
    window.addEventListener('online', turn)
    plan()
    return () => {
      isOver = true
      window.clearTimeout(timer)
      document.removeEventListener('visibilitychange', turn)
      document.removeEventListener('pointerdown', touch)
      window.removeEventListener('online', turn)
    }
  }, [isSignedIn, queries])
}

/** The new mark; nothing where there is no news, or no answer. */
async function changed(known: string | undefined): Promise<string | undefined> {
  try {
    const answer = await fetch(NEWS, {
      headers: {
        'Accept-Language': localeOf(language()),
        ...(known ? { 'If-None-Match': `"${known}"` } : {}),
      },
    })
    if (answer.status === 401) window.dispatchEvent(new Event('regulars:signed-out'))
    if (answer.status !== 200) return undefined
    return ((await answer.json()) as { mark: string }).mark
  } catch {
    return undefined
  }
}
