/** The head of a page of settings, and the page. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { PageHead } from '../shell/PageHead'

interface Props {
  active: string
  extra?: ReactNode
  children: ReactNode
}

export function SettingsFrame({ active, extra, children }: Props) {
  const { t } = useTranslation('settings')
  return (
    <>
      <PageHead title={t(`tabs.${active}`)} sub={t(`subs.${active}`)} extra={extra} />
      {children}
    </>
  )
}
