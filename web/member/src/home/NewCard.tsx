/** Whoever has no card gets one, without being asked. */
import { client } from '@regulars/shared/api/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'

import { HOME } from '../shell/home'
import { Refusal, Skeleton } from '../shell/parts'
import { told } from '../shell/told'

export function NewCard() {
  const queries = useQueryClient()
  const isAsked = useRef(false)
  const issue = useMutation({
    mutationFn: () => told(client.POST('/v1/me/card')),
    onSuccess: () => queries.invalidateQueries({ queryKey: HOME }),
  })
  const { mutate } = issue
  useEffect(() => {
    if (isAsked.current) return
    isAsked.current = true
    mutate()
  }, [mutate])
  if (issue.isError) return <Refusal problem={issue.error} retry={() => mutate()} />
  return <Skeleton lines={5} />
}
