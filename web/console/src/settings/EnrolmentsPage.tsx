/** The desk for enrolments that look odd: what speaks against each, admitted or refused. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { App, Button, Card, Descriptions, Flex, Segmented, Skeleton, Tag, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { SettingsFrame } from './SettingsFrame'
import { useActor } from '../shell/actors'
import { Nothing } from '../shell/Nothing'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { ReasonModal } from '../shell/ReasonModal'
import { useUrlState } from '../shell/urlState'

type Held = Schemas['HeldAnswer']
type Wish = 'admit' | 'refuse'

const STATES = ['held', 'admitted', 'refused'] as const

export function Component() {
  const { t } = useTranslation('settings')
  const [state, setState] = useUrlState('state', 'held')
  const [asked, setAsked] = useState<{ one: Held; wish: Wish }>()
  const cursor = useCursor()
  const found = api.useQuery('get', '/v1/enrolments', {
    params: { query: { state: state as (typeof STATES)[number], limit: 20, cursor } },
  })
  const items = found.data?.items ?? []
  return (
    <SettingsFrame active="enrolments">
      <Flex vertical gap="middle">
        <Segmented
          value={state}
          onChange={setState}
          style={{ alignSelf: 'start' }}
          options={STATES.map((value) => ({ value, label: t(`enrolments.states.${value}`) }))}
        />
        <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
        {!found.data && !found.error && <Skeleton active />}
        {found.data && !items.length && <Nothing text={t(`enrolments.none.${state}`)} />}
        {items.map((one) => (
          <HeldCard key={one.enrolment} one={one} onAsk={(wish) => setAsked({ one, wish })} />
        ))}
        <Pager next={found.data?.next} />
      </Flex>
      {asked && (
        <Decide
          {...asked}
          onClose={() => setAsked(undefined)}
          onDone={() => {
            setAsked(undefined)
            void found.refetch()
          }}
        />
      )}
    </SettingsFrame>
  )
}

function HeldCard({ one, onAsk }: { one: Held; onAsk: (wish: Wish) => void }) {
  const { t } = useTranslation('settings')
  const formats = useFormats()
  const actor = useActor()
  return (
    <Card
      title={t('enrolments.score', { score: one.score ?? 0 })}
      extra={
        one.state === 'held' && (
          <Flex gap="small">
            <Button type="primary" onClick={() => onAsk('admit')}>
              {t('enrolments.admit')}
            </Button>
            <Button danger onClick={() => onAsk('refuse')}>
              {t('enrolments.refuse')}
            </Button>
          </Flex>
        )
      }
    >
      <Flex vertical gap="small">
        <Flex gap={4} wrap>
          {one.reasons.map((reason) => (
            <Tag key={reason.code} color="warning">
              {reason.words} (+{reason.points})
            </Tag>
          ))}
        </Flex>
        <Descriptions
          size="small"
          column={{ xs: 1, md: 2 }}
          items={[
            ...Object.entries(one.profile).map(([name, value]) => ({
              key: name,
              label: t(`profile.${name}`, { defaultValue: name }),
              children: value,
            })),
            {
              key: 'submitted',
              label: t('enrolments.submitted'),
              children: formats.moment(one.submitted_at ?? one.proven_at),
            },
          ]}
        />
        {one.decided_at && (
          <Typography.Text type="secondary">
            {t('enrolments.decided', {
              by: actor(one.decided_by),
              at: formats.moment(one.decided_at),
              why: one.decision_reason,
            })}{' '}
            {one.member && <Link to={`/members/${one.member}`}>{one.member}</Link>}
          </Typography.Text>
        )}
      </Flex>
    </Card>
  )
}

interface DecideProps {
  one: Held
  wish: Wish
  onClose: () => void
  onDone: () => void
}

function Decide({ one, wish, onClose, onDone }: DecideProps) {
  const { t } = useTranslation('settings')
  const { message } = App.useApp()
  const onSuccess = () => {
    message.success(t(`enrolments.done.${wish}`))
    onDone()
  }
  const admit = api.useMutation('post', '/v1/enrolments/{enrolment}/admit', { onSuccess })
  const refuse = api.useMutation('post', '/v1/enrolments/{enrolment}/refuse', { onSuccess })
  const run = wish === 'admit' ? admit : refuse
  return (
    <ReasonModal
      isOpen
      title={t(`enrolments.${wish}`)}
      deed={t(`enrolments.${wish}`)}
      isDanger={wish === 'refuse'}
      isBusy={run.isPending}
      problem={run.error}
      onCancel={onClose}
      onConfirm={(reason) =>
        run.mutate({ params: { path: { enrolment: one.enrolment } }, body: { reason } })
      }
    >
      <Typography.Text>{t(`enrolments.what.${wish}`)}</Typography.Text>
    </ReasonModal>
  )
}
