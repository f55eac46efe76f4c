/** Setting up one-time codes: the password, the picture for the app, the first code. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { Form, Input, Modal, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'

interface Props {
  onClose: () => void
  onDone: (recoveryCodes: string[]) => void
}

export function SetUpTotp({ onClose, onDone }: Props) {
  const { t } = useTranslation('settings')
  const [form] = Form.useForm<{ password: string; code: string }>()
  const [seed, setSeed] = useState<Schemas['SeedAnswer']>()
  const begin = api.useMutation('post', '/v1/staff/me/totp', { onSuccess: setSeed })
  const confirm = api.useMutation('post', '/v1/staff/me/totp:confirm', {
    onSuccess: (answer) => onDone(answer.recovery_codes),
  })
  return (
    <Modal
      open
      title={t('totp.setUp')}
      okText={seed ? t('shared:confirm') : t('shared:next')}
      cancelText={t('shared:cancel')}
      okButtonProps={{ loading: begin.isPending || confirm.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={({ password, code }) =>
          seed
            ? confirm.mutate({ body: { code: code.replace(/\s/g, '') } })
            : begin.mutate({ body: { password } })
        }
      >
        {!seed && (
          <Form.Item
            name="password"
            label={t('password.old')}
            extra={t('totp.passwordHint')}
            rules={[{ required: true, message: '' }]}
          >
            <Input.Password autoComplete="current-password" autoFocus />
          </Form.Item>
        )}
        {seed && (
          <>
            <Typography.Paragraph>{t('totp.scan')}</Typography.Paragraph>
            <img
              alt={t('totp.picture')}
              width={200}
              height={200}
              style={{ background: '#fff', padding: 8, display: 'block' }}
              src={`data:image/svg+xml,${encodeURIComponent(seed.qr_svg)}`}
            />
            <Typography.Paragraph type="secondary" copyable={{ text: seed.secret }}>
              {t('totp.byHand', { secret: seed.secret })}
            </Typography.Paragraph>
            <Form.Item name="code" label={t('totp.code')} rules={[{ required: true, message: '' }]}>
              <Input autoComplete="one-time-code" inputMode="numeric" autoFocus />
            </Form.Item>
          </>
        )}
        <ProblemAlert problem={confirm.error ?? begin.error} />
      </Form>
    </Modal>
  )
}
