/** How much there is to read, on every page. */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { useHome } from './home'
import { Icon } from './Icon'

/** So many are counted. */
const MOST = 99

export function Bell() {
  const { t } = useTranslation('shell')
  const { data } = useHome()
  if (!data) return null
  const { unread } = data
  const shown = unread > MOST ? `${MOST}+` : unread.toString()
  return (
    <Link
      className="bell"
      to="/notices"
      aria-label={unread ? t('unread', { shown }) : t('notices')}
    >
      <Icon name="bell" />
      {unread ? <span aria-hidden="true">{shown}</span> : null}
    </Link>
  )
}

/** Says it when more comes while the page is open; what was there before is not said anew. */
export function FreshlyTold({ unread }: { unread: number | undefined }) {
  const { t } = useTranslation('shell')
  const before = useRef<number>(undefined)
  const [fresh, setFresh] = useState(0)
  useEffect(() => {
    const was = before.current
    before.current = unread
    if (was === undefined || unread === undefined) return
    setFresh(Math.max(unread - was, 0))
  }, [unread])
  return fresh ? <span className="unseen">{t('freshlyTold', { count: fresh })}</span> : null
}
