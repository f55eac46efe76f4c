/** What stands around every page: the shop's name above, the ways to go below. */
import { useFormats } from '@regulars/shared/formats'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink, useLocation } from 'react-router'

import { Bell, FreshlyTold } from './Bell'
import { useBrand } from './brand'
import { useHome } from './home'
import { Icon, type IconName } from './Icon'
import { LanguageSwitch } from './LanguageSwitch'
import { useNews } from './news'
import { PATHS } from './areas'
import { useArrivals } from './arrivals'

const WAYS: { to: string; icon: IconName; name: 'home' | 'mall' | 'wallet' | 'play' | 'me' }[] = [
  { to: '/', icon: 'card', name: 'home' },
  { to: '/mall', icon: 'bag', name: 'mall' },
  { to: '/wallet', icon: 'ticket', name: 'wallet' },
  { to: '/play', icon: 'star', name: 'play' },
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
        <span className="tools">
          {isAtTheDoor ? null : <Bell />}
          <LanguageSwitch />
        </span>
      </header>
      <main className="page" id="page">
        {children}
      </main>
      {isAtTheDoor ? null : (
        <>
          <Arrivals />
          <nav className="ways" aria-label={t('ways')}>
            {WAYS.filter(({ to }) => to === '/' || to === '/me' || PATHS.has(to)).map((way) => (
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
      <FreshlyTold unread={home.data?.unread} />
    </div>
  )
}
