/** Sign in by e-mail address and password, and a one-time code where one is set up. */
import { api } from '@regulars/shared/api/client'
import { problemOf } from '@regulars/shared/problems'
import { Button, Flex, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { ProblemAlert } from './ProblemAlert'

interface Values {
  email: string
  password: string
  totp?: string
  organization?: string
}

interface Props {
  /** Known already, where a session is only renewed. */
  email?: string
  onDone: () => Promise<void>
}

export function SignInForm({ email, onDone }: Props) {
  const { t } = useTranslation('shell')
  const [asksOrganization, setAsksOrganization] = useState(false)
  const signIn = api.useMutation('post', '/v1/staff/sign-in', { onSuccess: onDone })
  const [asksCode, setAsksCode] = useState(false)

  const send = (values: Values) => {
    signIn.mutate(
      { body: { ...values, organization: values.organization ?? '', totp: values.totp ?? null } },
      {
        onError: (error) => {
          if (problemOf(error).code === 'second_factor_needed') setAsksCode(true)
        },
      },
    )
  }
  const isOnlyCode =
    problemOf(signIn.error).code === 'second_factor_needed' && !signIn.variables?.body.totp
  return (
    <Form<Values> layout="vertical" requiredMark={false} onFinish={send} initialValues={{ email }}>
      {asksOrganization && (
        <Form.Item
          name="organization"
          label={t('signIn.organization')}
          extra={t('signIn.organizationHint')}
        >
          <Input autoComplete="organization" />
        </Form.Item>
      )}
      <Form.Item
        name="email"
        label={t('signIn.email')}
        rules={[{ required: true, message: t('signIn.emailNeeded') }]}
      >
        <Input type="email" autoComplete="username" autoFocus={!email} />
      </Form.Item>
      <Form.Item
        name="password"
        label={t('signIn.password')}
        rules={[{ required: true, message: t('signIn.passwordNeeded') }]}
      >
        <Input.Password autoComplete="current-password" autoFocus={!!email} />
      </Form.Item>
      {asksCode && (
        <Form.Item name="totp" label={t('signIn.code')} extra={t('signIn.codeHint')}>
          <Input autoComplete="one-time-code" inputMode="numeric" autoFocus />
        </Form.Item>
      )}
      <Flex vertical gap="middle">
        {signIn.isError && !isOnlyCode && <ProblemAlert problem={signIn.error} />}
        <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
          {t('signIn.go')}
        </Button>
        <Flex justify="space-between" wrap gap="small">
          <Link to="/password">{t('signIn.forgotten')}</Link>
          {!asksOrganization && (
            <Button type="link" size="small" onClick={() => setAsksOrganization(true)}>
              {t('signIn.other')}
            </Button>
          )}
        </Flex>
      </Flex>
    </Form>
  )
}
