/** A copy of all that is kept about a member, as a file to give to them. */
import { client } from '@regulars/shared/api/client'
import { App, Form, Input, Segmented, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { ReasonModal } from '../../shell/ReasonModal'
import { useDeed } from './deed'
import type { DeedProps } from './props'

type Kind = 'html' | 'json'
const WAITS = 202

export function ExportModal({ member, isOpen, onClose }: DeedProps) {
  const { t } = useTranslation('members')
  const { message } = App.useApp()
  const [form, setForm] = useState<Kind>('html')
  const [approval, setApproval] = useState('')
  const copy = useDeed(
    async (reason: string) => {
      const { data, error, response } = await client.POST('/v1/members/{ref}/export', {
        params: { path: { ref: member.member } },
        body: { reason, form, approval: approval.trim() || null },
        parseAs: 'blob',
      })
      if (error !== undefined) throw error as unknown as Error
      return { file: data, isWaiting: response.status === WAITS }
    },
    ({ file, isWaiting }) => {
      onClose()
      if (isWaiting) {
        void message.info(
          <>
            {t('export.waits')} <Link to="/ledger/approvals">{t('adjust.approvals')}</Link>
          </>,
          10,
        )
        return
      }
      keep(file, `${member.member}.${form}`)
      void message.success(t('export.done'))
    },
  )
  return (
    <ReasonModal
      isOpen={isOpen}
      title={t('deed.export')}
      deed={t('export.go')}
      isBusy={copy.isPending}
      problem={copy.error}
      maxLength={300}
      onCancel={onClose}
      onConfirm={(reason) => copy.mutate(reason)}
    >
      <Typography.Text>{t('export.text')}</Typography.Text>
      <Segmented<Kind>
        aria-label={t('export.form')}
        style={{ alignSelf: 'flex-start' }}
        value={form}
        onChange={setForm}
        options={[
          { value: 'html', label: t('export.html') },
          { value: 'json', label: t('export.json') },
        ]}
      />
      <Form.Item label={t('export.approval')} extra={t('export.approvalHint')}>
        <Input
          aria-label={t('export.approval')}
          value={approval}
          maxLength={40}
          placeholder="apr_…"
          onChange={(event) => setApproval(event.target.value)}
        />
      </Form.Item>
    </ReasonModal>
  )
}

function keep(file: Blob, name: string): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}
