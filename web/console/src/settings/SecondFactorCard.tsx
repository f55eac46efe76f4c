/** One-time codes of an authenticator app: set up, taken away, and codes for an emergency. */
import { CheckCircleOutlined } from '@ant-design/icons'
import { api } from '@regulars/shared/api/client'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Card, Flex, Form, Input, Modal, Tag, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { SetUpTotp } from './SetUpTotp'
import { SecretOnce } from '../access/SecretOnce'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useSecondFactor } from '../shell/SecondFactor'
import { useMe } from '../shell/session'

type Open = 'setUp' | 'remove' | undefined

export function SecondFactorCard() {
  const { t } = useTranslation('settings')
  const { staff } = useMe()
  const queries = useQueryClient()
  const guarded = useSecondFactor()
  const [open, setOpen] = useState<Open>()
  const [codes, setCodes] = useState<string[]>()
  const renew = api.useMutation('post', '/v1/staff/me/recovery-codes')
  const look = () => void queries.invalidateQueries()

  const renewed = async () => {
    const answer = await guarded(() => renew.mutateAsync({})).catch(() => undefined)
    if (answer) setCodes(answer.recovery_codes)
  }
  return (
    <Card
      title={t('totp.title')}
      extra={
        staff.second_factor ? (
          <Tag color="success" icon={<CheckCircleOutlined />}>
            {t('totp.on')}
          </Tag>
        ) : (
          <Tag>{t('totp.off')}</Tag>
        )
      }
    >
      <Flex vertical gap="middle" align="start">
        <Typography.Text>{t('totp.text')}</Typography.Text>
        {staff.second_factor ? (
          <Flex gap="small" wrap>
            <Button loading={renew.isPending} onClick={() => void renewed()}>
              {t('totp.renew')}
            </Button>
            <Button danger onClick={() => setOpen('remove')}>
              {t('totp.remove')}
            </Button>
          </Flex>
        ) : (
          <Button type="primary" onClick={() => setOpen('setUp')}>
            {t('totp.setUp')}
          </Button>
        )}
        <ProblemAlert problem={renew.error} />
      </Flex>
      {open === 'setUp' && (
        <SetUpTotp
          onClose={() => setOpen(undefined)}
          onDone={(found) => {
            setOpen(undefined)
            setCodes(found)
          }}
        />
      )}
      {open === 'remove' && (
        <Remove
          onClose={() => setOpen(undefined)}
          onDone={() => {
            setOpen(undefined)
            look()
          }}
        />
      )}
      <SecretOnce
        title={t('totp.codes')}
        values={codes && [{ label: t('totp.codesLabel'), text: codes.join('  ') }]}
        note={t('totp.codesNote')}
        onClose={() => {
          setCodes(undefined)
          look()
        }}
      />
    </Card>
  )
}

function Remove({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation('settings')
  const { message } = App.useApp()
  const guarded = useSecondFactor()
  const [form] = Form.useForm<{ password: string }>()
  const remove = api.useMutation('post', '/v1/staff/me/totp:remove')
  const send = async (body: { password: string }) => {
    const done = await guarded(() => remove.mutateAsync({ body })).catch(() => undefined)
    if (done) {
      message.success(t('totp.removed'))
      onDone()
    }
  }
  return (
    <Modal
      open
      title={t('totp.remove')}
      okText={t('totp.remove')}
      cancelText={t('shared:cancel')}
      okButtonProps={{ danger: true, loading: remove.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" onFinish={(body) => void send(body)}>
        <Typography.Paragraph>{t('totp.removeText')}</Typography.Paragraph>
        <Form.Item name="password" label={t('password.old')} rules={[{ required: true }]}>
          <Input.Password autoComplete="current-password" autoFocus />
        </Form.Item>
        <ProblemAlert problem={remove.error} />
      </Form>
    </Modal>
  )
}
