/** Styles that a control makes for itself carry the nonce of this page, which our policy asks for:
 *  some parts of the component library know no other way to be given it. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content
/* eslint-disable @typescript-eslint/no-deprecated -- only a form of it that is not used here is */
const create = document.createElement.bind(document)

if (nonce)
  document.createElement = (tag: string, options?: ElementCreationOptions) => {
    const made = create(tag, options)
    if (made instanceof HTMLStyleElement) made.nonce = nonce
    return made
  }
