/** What stands around every page: the shop's name above, the ways to go below. */
import { useFormats } from '@regulars/shared/formats'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink, useLocation } from 'react-router'

import { useBrand } from './brand'
import { useHome } from './home'
import { Icon, type IconName } from './Icon'
import { LanguageSwitch } from './LanguageSwitch'
import { useNews } from './news'
import { useArrivals } from './arrivals'

const WAYS: { to: string; icon: IconName; name: 'home' | 'history' | 'rules' | 'me' }[] = [
  { to: '/', icon: 'card', name: 'home' },
  { to: '/history', icon: 'list', name: 'history' },
  { to: '/rules', icon: 'book', name: 'rules' },
  { to: '/me', icon: 'person', name: 'me' },
]

export function Frame({ children }: { children: ReactNode }) {
  const { t } = useTranslation('shell')
  const { pathname } = useLocation()
  const isAtTheDoor = pathname === '/sign-in'
  const brand = useBrand()
  return (
    <div className="frame">
      <header className="top">
        <span className="brand">{brand}</span>
        <LanguageSwitch />
      </header>
      <main className="page" id="page">
        {children}
      </main>
      {isAtTheDoor ? null : (
        <>
          <Arrivals />
          <nav className="ways" aria-label={t('ways')}>
            {WAYS.map((way) => (
              <NavLink key={way.to} to={way.to} end={way.to === '/'} className="way">
                <Icon name={way.icon} />
                <span>{t(way.name)}</span>
              </NavLink>
            ))}
          </nav>
        </>
      )}
    </div>
  )
}

/** Says at once what has just come, while the member still stands at the till. */
function Arrivals() {
  const { t } = useTranslation('shell')
  const { signed } = useFormats()
  const home = useHome()
  useNews(home.isError ? undefined : home.data?.mark)
  const arrived = useArrivals(home.data)
  return (
    <div className="arrival" role="status" aria-live="polite">
      {arrived ? (
        <p key={arrived.at}>
          {t('arrived', { points: signed(arrived.amount), currency: arrived.name })}
        </p>
      ) : null}
    </div>
  )
}
