/** Every address of the member's pages. */
import { SIGNED_OUT } from '@regulars/shared/api/client'
import { lazy, Suspense, useEffect } from 'react'
import { Route, Routes, useLocation, useNavigate } from 'react-router'

import { HomePage } from '../home/HomePage'
import { AREAS } from './areas'
import { Broken } from './Broken'
import { Frame } from './Frame'
import { isStranger, useHome } from './home'
import { forgetCard } from './keptCard'
import { Skeleton } from './parts'

const SignInPage = lazy(() => import('../door/SignInPage'))
const HistoryPage = lazy(() => import('../history/HistoryPage'))
const RulesPage = lazy(() => import('../rules/RulesPage'))
const MePage = lazy(() => import('../me/MePage'))
const ProfilePage = lazy(() => import('../me/ProfilePage'))
const ConsentsPage = lazy(() => import('../me/ConsentsPage'))
const DataPage = lazy(() => import('../me/DataPage'))
const DevicesPage = lazy(() => import('../me/DevicesPage'))
const LostPage = lazy(() => import('./LostPage'))

export function App() {
  useDoor()
  return (
    <Broken>
      <Frame>
        <Suspense fallback={<Skeleton lines={6} />}>
          <Routes>
            <Route index element={<HomePage />} />
            <Route path="sign-in" element={<SignInPage />} />
            <Route path="history" element={<HistoryPage />} />
            <Route path="rules" element={<RulesPage />} />
            <Route path="me" element={<MePage />} />
            <Route path="me/profile" element={<ProfilePage />} />
            <Route path="me/consents" element={<ConsentsPage />} />
            <Route path="me/data" element={<DataPage />} />
            <Route path="me/devices" element={<DevicesPage />} />
            {AREAS.flatMap((area) =>
              area.pages.map(({ path, Page }) => (
                <Route key={path} path={path} element={<Page />} />
              )),
            )}
            <Route path="*" element={<LostPage />} />
          </Routes>
        </Suspense>
      </Frame>
    </Broken>
  )
}

/** Pages for whoever comes. */
const OPEN = new Set(['/sign-in', '/rules'])

/** Whoever is not signed in, or not any more, comes to the door, and back to the same page. */
function useDoor(): void {
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const { error } = useHome()
  // The first answer may be there before this page is.
  const isUnknown = isStranger(error)
  useEffect(() => {
    const toTheDoor = () => {
      if (OPEN.has(pathname)) return
      forgetCard()
      const next = pathname === '/' ? '' : `?next=${encodeURIComponent(`/my${pathname}`)}`
      void navigate(`/sign-in${next}`, { replace: true })
    }
    if (isUnknown) toTheDoor()
    window.addEventListener(SIGNED_OUT, toTheDoor)
    return () => window.removeEventListener(SIGNED_OUT, toTheDoor)
  }, [isUnknown, navigate, pathname])
}
