/** Who leaves the designer waits until all is saved, or says that it may be lost. */
import { Modal } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useBlocker } from 'react-router'

import type { Saving } from './saver'
import type { Desk } from './useDraft'

export function LeaveGuard({ desk, saving }: { desk: Desk; saving: Saving }) {
  const { t } = useTranslation('program')
  const { saver } = desk
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      currentLocation.pathname !== nextLocation.pathname &&
      !saver.isClean &&
      saver.snapshot().phase !== 'gone',
  )
  const isBlocked = blocker.state === 'blocked'
  useEffect(() => {
    if (blocker.state !== 'blocked') return
    if (saving.phase === 'saved') blocker.proceed()
    else void saver.flush()
  }, [blocker, saver, saving.phase])
  // While it is being saved, the page only waits; a conflict shows itself.
  const isAsking = isBlocked && ['failed', 'offline', 'refused'].includes(saving.phase)
  return (
    <Modal
      open={isAsking}
      title={t('saving.leaveTitle')}
      okText={t('saving.leave')}
      okButtonProps={{ danger: true }}
      cancelText={t('saving.stay')}
      onOk={() => blocker.proceed?.()}
      onCancel={() => blocker.reset?.()}
    >
      {t('saving.leaveText')}
    </Modal>
  )
}
