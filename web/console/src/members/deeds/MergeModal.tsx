/** Make a duplicate one with this member: first what will happen, then for good. */
import { client, told, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Alert, App, Button, Descriptions, Flex, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../../shell/ProblemAlert'
import { ReasonModal } from '../../shell/ReasonModal'
import { useDeed } from './deed'
import type { DeedProps } from './props'

type Merged = Schemas['MergeAnswer']

export function MergeModal({ member, isOpen, onClose }: DeedProps) {
  const { t } = useTranslation('members')
  const { message } = App.useApp()
  const [other, setOther] = useState('')
  const [shown, setShown] = useState<Merged>()
  const leave = () => {
    setOther('')
    setShown(undefined)
    onClose()
  }
  const path = { params: { path: { ref: member.member } } }
  const look = useDeed(
    (duplicate: string) =>
      told(client.POST('/v1/members/{ref}/merge:preview', { ...path, body: { duplicate } })),
    setShown,
  )
  const merge = useDeed(
    // By our own ids, so that it can be sent twice and is done once.
    ({ duplicate, reason }: { duplicate: string; reason: string }) =>
      told(client.POST('/v1/members/{ref}/merge', { ...path, body: { duplicate, reason } })),
    () => {
      void message.success(t('merge.done'))
      leave()
    },
  )
  const close = () => {
    look.reset()
    merge.reset()
    leave()
  }
  return (
    <ReasonModal
      isOpen={isOpen}
      title={t('deed.merge')}
      deed={t('merge.go')}
      isDanger
      isBusy={merge.isPending}
      problem={merge.error}
      maxLength={300}
      onCancel={close}
      onConfirm={(reason) => {
        if (shown) merge.mutate({ duplicate: shown.duplicate, reason })
        else if (other.trim()) look.mutate(other.trim())
      }}
    >
      <Form.Item label={t('merge.other')} extra={t('merge.otherHint')} style={{ marginBottom: 0 }}>
        <Flex gap="small">
          <Input
            aria-label={t('merge.other')}
            value={other}
            maxLength={250}
            placeholder="card:4712"
            onChange={(event) => {
              setOther(event.target.value)
              setShown(undefined)
            }}
          />
          <Button
            disabled={!other.trim()}
            loading={look.isPending}
            onClick={() => look.mutate(other.trim())}
          >
            {t('merge.look')}
          </Button>
        </Flex>
      </Form.Item>
      <ProblemAlert problem={look.error} />
      {shown ? <Preview merged={shown} /> : <Alert type="info" showIcon title={t('merge.first')} />}
    </ReasonModal>
  )
}

function Preview({ merged }: { merged: Merged }) {
  const { t } = useTranslation('members')
  const formats = useFormats()
  const gains = merged.gains.map((one) => {
    const parts = [t('merge.points', { points: formats.count(one.available), ...one })]
    if (one.pending) parts.push(t('points.pending', { points: formats.count(one.pending) }))
    if (one.owed) parts.push(t('points.owed', { points: formats.count(one.owed) }))
    return { key: one.currency, label: one.currency, children: parts.join(', ') }
  })
  const tier =
    merged.tier_before === merged.tier_after
      ? (merged.tier_after ?? '–')
      : `${merged.tier_before ?? '–'} → ${merged.tier_after ?? '–'}`
  const fields = merged.fields.map((name) => t(`field.${name}`, { defaultValue: name }))
  return (
    <Flex vertical gap="small">
      <Alert type="warning" showIcon title={t('merge.forGood')} />
      <Descriptions
        size="small"
        column={1}
        title={t('merge.preview')}
        items={[
          ...gains,
          { key: 'tier', label: t('column.tier'), children: tier },
          { key: 'ids', label: t('merge.systems'), children: merged.systems.join(', ') || '–' },
          { key: 'fields', label: t('merge.fields'), children: fields.join(', ') || '–' },
          {
            key: 'attributes',
            label: t('merge.attributes'),
            children: merged.attributes.join(', ') || '–',
          },
          { key: 'sessions', label: t('merge.sessions'), children: merged.sessions_ended },
        ]}
      />
    </Flex>
  )
}
