/** One box that finds a member by whatever one has of them. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Card, Flex, Input, List, Skeleton, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { ProblemAlert } from '../shell/ProblemAlert'
import { useUrlState } from '../shell/urlState'
import { StatusTag } from './StatusTag'

type Match = Schemas['MatchAnswer']

export function SearchBox() {
  const [text, setText] = useUrlState('search')
  return (
    <Flex vertical gap="small">
      <Box key={text} text={text} onSearch={setText} />
      {text && <Found text={text} onClose={() => setText('')} />}
    </Flex>
  )
}

function Box({ text, onSearch }: { text: string; onSearch: (text: string) => void }) {
  const { t } = useTranslation(['members', 'shared'])
  const [typed, setTyped] = useState(text)
  return (
    <Input.Search
      allowClear
      size="large"
      aria-label={t('search.label')}
      placeholder={t('search.hint')}
      maxLength={250}
      value={typed}
      enterButton={t('shared:search')}
      onChange={(event) => setTyped(event.target.value)}
      onSearch={(next) => onSearch(next.trim())}
    />
  )
}

function Found({ text, onClose }: { text: string; onClose: () => void }) {
  const { t } = useTranslation(['members', 'shared'])
  // Each search is on record: it is asked once, and not again because the window was looked at.
  const { data, error, isPending, refetch } = api.useQuery(
    'post',
    '/v1/members:search',
    { body: { text } },
    { staleTime: Infinity, retry: false },
  )
  return (
    <Card
      size="small"
      title={t('search.found', { count: data?.items.length ?? 0 })}
      extra={<Button onClick={onClose}>{t('shared:close')}</Button>}
    >
      {isPending && <Skeleton active paragraph={{ rows: 2 }} title={false} />}
      <ProblemAlert problem={error} onRetry={() => void refetch()} />
      {data && (
        <List<Match>
          size="small"
          dataSource={data.items}
          locale={{ emptyText: t('search.none') }}
          renderItem={(one) => <One match={one} />}
        />
      )}
      {data?.more && <Typography.Text type="secondary">{t('search.more')}</Typography.Text>}
    </Card>
  )
}

function One({ match }: { match: Match }) {
  const { t } = useTranslation('members')
  const formats = useFormats()
  const { member, profile } = match
  const name = profile?.name ?? member.member
  return (
    <List.Item>
      <Flex gap="small" wrap align="center">
        <Link to={`/members/${member.member}`}>
          <Typography.Text strong style={{ color: 'inherit' }}>
            {name}
          </Typography.Text>
        </Link>
        <StatusTag status={member.status} />
        {[profile?.phone, profile?.email, member.tier].filter(Boolean).map((part) => (
          <Typography.Text key={part} type="secondary">
            {part}
          </Typography.Text>
        ))}
        <Typography.Text type="secondary">
          {t('search.by', { what: t(`by.${match.by}`, { defaultValue: match.by }) })} ·{' '}
          {t('search.since', { day: formats.day(member.enrolled_at) })}
        </Typography.Text>
      </Flex>
    </List.Item>
  )
}
