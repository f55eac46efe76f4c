/** Asks for the one-time code where a deed needs it, and then does the deed. */
import { api } from '@regulars/shared/api/client'
import { problemOf } from '@regulars/shared/problems'
import { Form, Input, Modal, Typography } from 'antd'
import { createContext, use, useCallback, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { ProblemAlert } from './ProblemAlert'
import { useMe } from './session'

type Guarded = <T>(deed: () => Promise<T>) => Promise<T>

const GuardContext = createContext<Guarded | null>(null)

/** Runs a deed; where the server wants a second factor first, asks for it and runs the deed again.
 *  Throws what the deed threw when the person gives no code. */
export function useSecondFactor(): Guarded {
  const found = use(GuardContext)
  if (!found) throw new Error('useSecondFactor is used outside of SecondFactor')
  return found
}

export function SecondFactor({ children }: { children: ReactNode }) {
  const { t } = useTranslation('shell')
  const me = useMe()
  const [form] = Form.useForm<{ code: string }>()
  const [isAsking, setAsking] = useState(false)
  const answer = useRef<(isShown: boolean) => void>(undefined)
  const show = api.useMutation('post', '/v1/staff/me/second-factor')

  const guarded = useCallback<Guarded>(async (deed) => {
    try {
      return await deed()
    } catch (error) {
      if (problemOf(error).code !== 'second_factor_needed') throw error
      setAsking(true)
      const isShown = await new Promise<boolean>((resolve) => (answer.current = resolve))
      setAsking(false)
      if (!isShown) throw error
      return deed()
    }
  }, [])

  const send = ({ code }: { code: string }) => {
    const onSuccess = () => {
      form.resetFields()
      answer.current?.(true)
    }
    show.mutate({ body: { code } }, { onSuccess })
  }
  const leave = () => {
    show.reset()
    answer.current?.(false)
  }
  return (
    <GuardContext value={guarded}>
      {children}
      <Modal
        open={isAsking}
        title={t('secondFactor.title')}
        okText={t('shared:confirm')}
        cancelText={t('shared:cancel')}
        okButtonProps={{ disabled: !me.staff.second_factor, loading: show.isPending }}
        onOk={() => form.submit()}
        onCancel={leave}
      >
        {me.staff.second_factor ? (
          <Form form={form} layout="vertical" onFinish={send}>
            <Form.Item
              name="code"
              label={t('signIn.code')}
              extra={t('signIn.codeHint')}
              rules={[{ required: true }]}
            >
              <Input autoComplete="one-time-code" inputMode="numeric" autoFocus />
            </Form.Item>
            <ProblemAlert problem={show.error} />
          </Form>
        ) : (
          <Typography.Paragraph>
            {t('secondFactor.none')}{' '}
            <Link to="/settings/account" onClick={leave}>
              {t('secondFactor.setUp')}
            </Link>
          </Typography.Paragraph>
        )}
      </Modal>
    </GuardContext>
  )
}
