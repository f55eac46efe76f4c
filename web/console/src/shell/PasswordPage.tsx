/** A forgotten password: ask for a letter, or with its link choose a new one. */
import { api } from '@regulars/shared/api/client'
import { Alert, Button, Flex, Form, Input, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { DoorPage } from './DoorPage'
import { takeToken } from './InvitationPage'
import { ProblemAlert } from './ProblemAlert'

export function Component() {
  const { t } = useTranslation('shell')
  const [token] = useState(takeToken)
  return (
    <DoorPage title={t('password.title')}>
      <Flex vertical gap="middle">
        {token ? <Choose token={token} /> : <Ask />}
        <Link to="/">{t('password.back')}</Link>
      </Flex>
    </DoorPage>
  )
}

function Ask() {
  const { t } = useTranslation('shell')
  const ask = api.useMutation('post', '/v1/staff/password-reset')
  if (ask.isSuccess) return <Alert type="success" title={t('password.sent')} />
  return (
    <Form<{ email: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={({ email }) => ask.mutate({ body: { email, organization: '' } })}
    >
      <Typography.Paragraph type="secondary">{t('password.ask')}</Typography.Paragraph>
      <Form.Item
        name="email"
        label={t('signIn.email')}
        rules={[{ required: true, message: t('signIn.emailNeeded') }]}
      >
        <Input type="email" autoComplete="username" autoFocus />
      </Form.Item>
      <Flex vertical gap="middle">
        <ProblemAlert problem={ask.error} />
        <Button type="primary" htmlType="submit" block loading={ask.isPending}>
          {t('password.send')}
        </Button>
      </Flex>
    </Form>
  )
}

function Choose({ token }: { token: string }) {
  const { t } = useTranslation('shell')
  const finish = api.useMutation('post', '/v1/staff/password-reset:finish')
  if (finish.isSuccess) return <Alert type="success" title={t('password.done')} />
  return (
    <Form<{ password: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={({ password }) => finish.mutate({ body: { token, password } })}
    >
      <Form.Item
        name="password"
        label={t('password.new')}
        extra={t('invitation.passwordHint')}
        rules={[{ required: true, message: t('signIn.passwordNeeded') }]}
      >
        <Input.Password autoComplete="new-password" autoFocus />
      </Form.Item>
      <Flex vertical gap="middle">
        <ProblemAlert problem={finish.error} />
        <Button type="primary" htmlType="submit" block loading={finish.isPending}>
          {t('password.set')}
        </Button>
      </Flex>
    </Form>
  )
}
