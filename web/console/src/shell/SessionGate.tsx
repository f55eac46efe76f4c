/** Lets in who has signed in. A session that ends keeps the page: one signs in over it. */
import { api, SIGNED_OUT } from '@regulars/shared/api/client'
import { problemOf } from '@regulars/shared/problems'
import { useQueryClient } from '@tanstack/react-query'
import { Flex, Modal, Spin } from 'antd'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from './ProblemAlert'
import { SecondFactor } from './SecondFactor'
import { MeContext } from './session'
import { SignInForm } from './SignInForm'
import { DoorPage } from './DoorPage'

export function SessionGate({ children }: { children: ReactNode }) {
  const { t } = useTranslation('shell')
  const queries = useQueryClient()
  const me = api.useQuery('get', '/v1/staff/me', {}, { staleTime: 60_000 })
  const [isOver, setOver] = useState(false)

  useEffect(() => {
    const end = () => setOver(true)
    window.addEventListener(SIGNED_OUT, end)
    return () => window.removeEventListener(SIGNED_OUT, end)
  }, [])

  const enter = async () => {
    setOver(false)
    await queries.invalidateQueries()
  }
  if (me.isPending) return <Waiting />
  if (!me.data) {
    const isDoor = problemOf(me.error).status === 401
    return (
      <DoorPage title={t('signIn.title')}>
        {isDoor ? (
          <SignInForm onDone={enter} />
        ) : (
          <ProblemAlert problem={me.error} onRetry={() => void me.refetch()} />
        )}
      </DoorPage>
    )
  }
  return (
    <MeContext value={me.data}>
      <SecondFactor>{children}</SecondFactor>
      <Modal
        open={isOver}
        title={t('signIn.over')}
        footer={null}
        closable={false}
        mask={{ closable: false }}
        keyboard={false}
        destroyOnHidden
      >
        <SignInForm email={me.data.staff.email} onDone={enter} />
      </Modal>
    </MeContext>
  )
}

function Waiting() {
  return (
    <Flex justify="center" align="center" style={{ height: '100vh' }}>
      <Spin size="large" />
    </Flex>
  )
}
