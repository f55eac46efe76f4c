/** Approve, refuse or take back a request, with a note; the second factor is asked for where needed. */
import { api } from '@regulars/shared/api/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'
import { useSecondFactor } from '../shell/SecondFactor'
import { ApprovalDeed, type Approval } from './ApprovalDeed'

export type Decision = 'approve' | 'refuse' | 'withdraw'

interface Props {
  approval: Approval
  decision: Decision
  onDone: () => void
  onCancel: () => void
}

export function DecisionModal({ approval, decision, onDone, onCancel }: Props) {
  const { t } = useTranslation('ledger')
  const { message } = App.useApp()
  const guarded = useSecondFactor()
  const queries = useQueryClient()
  const [note, setNote] = useState('')
  const params = { path: { approval: approval.approval } }
  const body = { note: note.trim() }
  const approve = api.useMutation('post', '/v1/approvals/{approval}/approve')
  const refuse = api.useMutation('post', '/v1/approvals/{approval}/refuse')
  const withdraw = api.useMutation('post', '/v1/approvals/{approval}/withdraw')
  const deeds = {
    approve: () => approve.mutateAsync({ params, body }),
    refuse: () => refuse.mutateAsync({ params, body }),
    withdraw: () => withdraw.mutateAsync({ params }),
  }
  const decide = useMutation({
    mutationFn: () => guarded<Approval>(deeds[decision]),
    onSuccess: (told) => {
      void queries.invalidateQueries({ queryKey: ['get', '/v1/approvals'] })
      message.success(t(`approvals.told.${told.state}`, { defaultValue: t('approvals.told.done') }))
      onDone()
    },
  })
  return (
    <Modal
      open
      title={t(`approvals.${decision}`)}
      okText={t(`approvals.${decision}`)}
      cancelText={t('shared:cancel')}
      okButtonProps={{ danger: decision !== 'approve', loading: decide.isPending }}
      onOk={() => decide.mutate()}
      onCancel={onCancel}
    >
      <Form layout="vertical">
        <ApprovalDeed of={approval} />
        <Form.Item label={t('approvals.note')} extra={t('approvals.noteHint')} htmlFor="note">
          <Input.TextArea
            id="note"
            rows={2}
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </Form.Item>
        <ProblemAlert problem={decide.error} />
      </Form>
    </Modal>
  )
}
