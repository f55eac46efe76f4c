/** What the member was told, and that they have read it. */
import { client, type Schemas } from '@regulars/shared/api/client'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

import { HOME, type Home } from '../shell/home'
import { told } from '../shell/told'

export type Notice = Schemas['NoticeAnswer']

const PAGE = 20

export function useNotices() {
  return useInfiniteQuery({
    queryKey: ['notices'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => {
      const query = pageParam ? { limit: PAGE, cursor: pageParam } : { limit: PAGE }
      return told(client.GET('/v1/me/notices', { params: { query } }))
    },
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 0,
  })
}

/** Up to the latest that is shown, all is read; in the list it stays marked until it is left. */
export function useReading(latest: Notice | undefined): void {
  const queries = useQueryClient()
  const through = latest && !latest.read ? latest.notice : undefined
  useEffect(() => {
    if (!through) return
    client
      .POST('/v1/me/notices/read', { body: { through } })
      .then(({ error }) => {
        if (error) return
        queries.setQueryData<Home>(HOME, (home) => home && { ...home, unread: 0 })
      })
      // Without a network it stays unread, and is read at the next visit.
      .catch(() => undefined)
  }, [queries, through])
}
