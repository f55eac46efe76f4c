/** An address that leads nowhere. */
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Empty, PageHead } from './parts'

export default function LostPage() {
  const { t } = useTranslation('shell')
  return (
    <>
      <PageHead title={t('lost')} />
      <Empty text={t('lostText')}>
        <Link className="button" to="/">
          {t('home')}
        </Link>
      </Empty>
    </>
  )
}
