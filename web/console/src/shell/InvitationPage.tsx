/** Take an invitation: choose a name and a password, and be signed in. */
import { client, told } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import { Button, Flex, Form, Input, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { DoorPage } from './DoorPage'
import { ProblemAlert } from './ProblemAlert'

interface Values {
  name: string
  password: string
}

export function Component() {
  const { t } = useTranslation('shell')
  const navigate = useNavigate()
  // Kept from the first sight on: the address is cleared of it at once.
  const [token] = useState(takeToken)
  const accept = useMutation({
    mutationFn: async ({ name, password }: Values) => {
      const made = await told(
        client.POST('/v1/staff/invitations:accept', { body: { token, name, password } }),
      )
      await told(
        client.POST('/v1/staff/sign-in', {
          body: { email: made.email, password, organization: '', totp: null },
        }),
      )
    },
    onSuccess: () => navigate('/'),
  })

  return (
    <DoorPage title={t('invitation.title')}>
      {token ? (
        <Form<Values>
          layout="vertical"
          requiredMark={false}
          onFinish={(values) => accept.mutate(values)}
        >
          <Typography.Paragraph type="secondary">{t('invitation.text')}</Typography.Paragraph>
          <Form.Item
            name="name"
            label={t('invitation.name')}
            rules={[{ required: true, message: t('invitation.nameNeeded') }]}
          >
            <Input autoComplete="name" autoFocus />
          </Form.Item>
          <Form.Item
            name="password"
            label={t('invitation.password')}
            extra={t('invitation.passwordHint')}
            rules={[{ required: true, message: t('signIn.passwordNeeded') }]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
          <Flex vertical gap="middle">
            <ProblemAlert problem={accept.error} />
            <Button type="primary" htmlType="submit" block loading={accept.isPending}>
              {t('invitation.go')}
            </Button>
          </Flex>
        </Form>
      ) : (
        <Typography.Paragraph>{t('invitation.noToken')}</Typography.Paragraph>
      )}
    </DoorPage>
  )
}

/** What the letter's link carries behind its #, which no server sees. */
export function takeToken(): string {
  const token = location.hash.slice(1)
  if (token) history.replaceState(history.state, '', location.pathname)
  return token
}
