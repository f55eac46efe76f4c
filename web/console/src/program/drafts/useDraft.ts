/** A draft at work: its text with one history, saved by itself. */
import { client, told, type Schemas } from '@regulars/shared/api/client'
import type { Extension } from '@codemirror/state'
import { useEffect, useState, useSyncExternalStore } from 'react'

import { Writing } from '../writing/writing'
import { Saver, type Kept, type Saving } from './saver'

export type Draft = Schemas['DraftAnswer']

export interface Desk {
  draft: string
  writing: Writing
  saver: Saver
}

const LOOK_MS = 15_000

/** Made once for a draft that was read. */
export function useDesk(first: Draft, extensions: () => Extension): Desk {
  const [desk] = useState<Desk>(() => {
    const writing = new Writing(first.document, extensions())
    const saver = new Saver(keptOf(first), {
      put: async (next, revision) =>
        keptOf(
          await told(
            client.PUT('/v1/drafts/{draft}', {
              params: { path: { draft: first.draft }, header: { 'if-match': `"${revision}"` } },
              body: next,
            }),
          ),
        ),
      get: async () =>
        keptOf(
          await told(
            client.GET('/v1/drafts/{draft}', { params: { path: { draft: first.draft } } }),
          ),
        ),
      isOnline: () => navigator.onLine,
    })
    return { draft: first.draft, writing, saver }
  })
  useKeeping(desk)
  return desk
}

function keptOf({ name, document, revision, changed_by, changed_at }: Draft): Kept {
  return { name, document, revision, changed_by, changed_at }
}

/** Saves what is written, shows what colleagues save, and warns who leaves too early. */
function useKeeping({ writing, saver }: Desk): void {
  useEffect(() => {
    const stop = writing.subscribe(() => saver.change({ document: writing.text }))
    const flush = () => void saver.flush()
    const look = () => {
      if (document.visibilityState !== 'visible') return
      saver.look().then(
        (theirs) => {
          if (theirs) writing.adopt(theirs.document)
        },
        // Out of reach: what is typed next says so.
        () => undefined,
      )
    }
    const warn = (event: BeforeUnloadEvent) => {
      if (saver.isClean) return
      void saver.flush()
      event.preventDefault()
    }
    const timer = setInterval(look, LOOK_MS)
    window.addEventListener('online', flush)
    window.addEventListener('focus', look)
    window.addEventListener('beforeunload', warn)
    return () => {
      stop()
      clearInterval(timer)
      window.removeEventListener('online', flush)
      window.removeEventListener('focus', look)
      window.removeEventListener('beforeunload', warn)
      flush()
      saver.stop()
    }
  }, [writing, saver])
}

export function useSaving(saver: Saver): Saving {
  return useSyncExternalStore(saver.subscribe, saver.snapshot)
}

export function useText(writing: Writing): string {
  return useSyncExternalStore(writing.subscribe, writing.snapshot)
}
