/** The tags of a member: those that rules have set, and those set here by hand. */
import { api, client, told, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, DatePicker, Flex, Input, Popover, Tag, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../../shell/ProblemAlert'
import { useMay } from '../../shell/session'
import { useDeed } from '../deeds/deed'

type MemberTag = Schemas['MemberTagAnswer']

export function TagsLine({ member }: { member: string }) {
  const { t } = useTranslation('members')
  const formats = useFormats()
  const may = useMay()('members:write')
  const { data, refetch } = api.useQuery('get', '/v1/members/{ref}/tags', {
    params: { path: { ref: member } },
  })
  const remove = useDeed(
    (tag: string) =>
      told(
        client.DELETE('/v1/members/{ref}/tags/{tag}', { params: { path: { ref: member, tag } } }),
      ),
    () => void refetch(),
  )
  if (!data || (!data.tags.length && !may)) return null
  const words = (one: MemberTag) =>
    one.until ? t('tags.until', { tag: one.tag, at: formats.moment(one.until) }) : one.tag
  return (
    <Flex gap="small" wrap align="center">
      <Typography.Text type="secondary">{t('tags.title')}</Typography.Text>
      {data.tags.map((one) => (
        <Flex key={one.tag} align="center">
          <Tag>{words(one)}</Tag>
          {may && (
            <Button
              size="small"
              type="link"
              aria-label={t('tags.remove', { tag: one.tag })}
              onClick={() => remove.mutate(one.tag)}
            >
              ×
            </Button>
          )}
        </Flex>
      ))}
      {may && <Adding member={member} onDone={() => void refetch()} />}
      <ProblemAlert problem={remove.error} />
    </Flex>
  )
}

function Adding({ member, onDone }: { member: string; onDone: () => void }) {
  const { t } = useTranslation('members')
  const [open, setOpen] = useState(false)
  const [tag, setTag] = useState('')
  const [until, setUntil] = useState<string | null>(null)
  const add = useDeed(
    () =>
      told(
        client.PUT('/v1/members/{ref}/tags/{tag}', {
          params: { path: { ref: member, tag } },
          body: { until },
        }),
      ),
    () => {
      setOpen(false)
      setTag('')
      setUntil(null)
      onDone()
    },
  )
  const form = (
    <Flex vertical gap="small">
      <Input
        aria-label={t('tags.tag')}
        placeholder="vip_guest"
        value={tag}
        onChange={(event) => setTag(event.target.value)}
      />
      <DatePicker
        showTime
        aria-label={t('tags.end')}
        placeholder={t('tags.end')}
        onChange={(day) => setUntil(day ? day.toISOString() : null)}
      />
      <Button
        type="primary"
        disabled={!/^[a-z][a-z0-9_]{0,62}$/.test(tag)}
        loading={add.isPending}
        onClick={() => add.mutate(undefined)}
      >
        {t('tags.add')}
      </Button>
      <ProblemAlert problem={add.error} />
    </Flex>
  )
  return (
    <Popover trigger="click" open={open} onOpenChange={setOpen} content={form}>
      <Button size="small">{t('tags.add')}</Button>
    </Popover>
  )
}
