/** Light and dark, the language of the controls, and what styles need under the page's policy. */
import { speak } from '@regulars/shared/i18n'
import type { Language } from '@regulars/shared/languages'
import { App, ConfigProvider, theme } from 'antd'
import en from 'antd/locale/en_US'
import zh from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

export type Shade = 'light' | 'dark'

interface Look {
  shade: Shade
  setShade: (next: Shade) => void
  language: Language
  setLanguage: (next: Language) => void
}

const KEPT = 'regulars.shade'
const LookContext = createContext<Look | null>(null)
const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? ''
const SEED = {
  colorPrimary: '#0f766e',
  colorLink: '#0f766e',
  // Dark enough to be read as text on their own pale grounds.
  colorSuccess: '#2f7d12',
  colorWarning: '#96600b',
  colorError: '#cf1f2e',
  colorInfo: '#0a5fd1',
  colorSuccessBg: '#f1faec',
  colorSuccessBorder: '#b7e0a0',
  colorWarningBg: '#fff8e6',
  colorWarningBorder: '#f0d68a',
  colorErrorBg: '#fff1f0',
  colorErrorBorder: '#f5b5b0',
  colorInfoBg: '#ebf4ff',
  colorInfoBorder: '#a9cdf7',
  borderRadius: 6,
  fontSize: 14,
  // What is chosen in menus and lists: a breath of the colour, with dark words on it.
  controlItemBgActive: '#dff2ee',
  controlItemBgActiveHover: '#cdeae4',
  // Small print that people who see less well can still read.
  colorTextTertiary: 'rgba(0, 0, 0, 0.62)',
  colorTextDescription: 'rgba(0, 0, 0, 0.62)',
  colorTextPlaceholder: 'rgba(0, 0, 0, 0.55)',
}
const DARK_SEED = {
  borderRadius: SEED.borderRadius,
  fontSize: SEED.fontSize,
  colorPrimary: '#128577',
  colorSuccess: '#52c41a',
  colorWarning: '#faad14',
  colorError: '#ff7875',
  colorInfo: '#69b1ff',
  controlItemBgActive: 'rgba(20, 184, 166, 0.18)',
  controlItemBgActiveHover: 'rgba(20, 184, 166, 0.26)',
  colorLink: '#5eead4',
  colorTextTertiary: 'rgba(255, 255, 255, 0.65)',
  colorTextDescription: 'rgba(255, 255, 255, 0.65)',
  colorTextPlaceholder: 'rgba(255, 255, 255, 0.5)',
}
/** What is chosen, in words that stand out from the dark. */
const BRIGHT = {
  Menu: { itemSelectedColor: '#5eead4' },
  Tabs: { itemSelectedColor: '#5eead4', itemHoverColor: '#99f6e4', inkBarColor: '#5eead4' },
}

/** How the page looks and speaks, and how to change it. */
export function useLook(): Look {
  const found = use(LookContext)
  if (!found) throw new Error('useLook is used outside of Themed')
  return found
}

export function Themed({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation('shared')
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en'
  const [shade, setShade] = useState<Shade>(firstShade)
  // Lists unfold and dialogs fade in, but not for who asked their device for less of it.
  const [moves] = useState(() => !window.matchMedia('(prefers-reduced-motion: reduce)').matches)

  useEffect(() => {
    localStorage.setItem(KEPT, shade)
    document.documentElement.style.colorScheme = shade
  }, [shade])
  useEffect(() => {
    dayjs.locale(language === 'zh' ? 'zh-cn' : 'en')
  }, [language])

  const look = useMemo<Look>(
    () => ({ shade, setShade, language, setLanguage: (next) => void speak(next) }),
    [shade, language],
  )
  return (
    <LookContext value={look}>
      <ConfigProvider
        csp={{ nonce }}
        locale={language === 'zh' ? zh : en}
        theme={{
          algorithm: shade === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
          token: { ...(shade === 'dark' ? DARK_SEED : SEED), motion: moves },
          components: {
            Layout: { headerPadding: '0 16px', headerHeight: 52 },
            ...(shade === 'dark' ? BRIGHT : {}),
          },
        }}
      >
        <App>{children}</App>
      </ConfigProvider>
    </LookContext>
  )
}

function firstShade(): Shade {
  const kept = localStorage.getItem(KEPT)
  if (kept === 'light' || kept === 'dark') return kept
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}
