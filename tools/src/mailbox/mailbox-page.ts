import { escape } from '../lib/html.ts';
import type { StoredMail } from './create-mailbox.ts';

const STYLE = `
:root{color-scheme:light dark;--bg:#f4f6f9;--panel:#fff;--text:#18212c;--muted:#65717f;--line:#dfe5ec;--accent:#1d6fd8}
@media(prefers-color-scheme:dark){:root{--bg:#10151c;--panel:#18202a;--text:#e7edf4;--muted:#93a1b1;--line:#2a3542;--accent:#6aa8ff}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,sans-serif}
header{padding:20px 24px;border-bottom:1px solid var(--line);background:var(--panel)}
h1{margin:0;font-size:18px}header p{margin:2px 0 0;color:var(--muted);font-size:13px}
main{max-width:860px;margin:0 auto;padding:20px 16px;display:grid;gap:12px}
details{background:var(--panel);border:1px solid var(--line);border-radius:10px;overflow:hidden}
summary{padding:12px 16px;cursor:pointer;display:flex;gap:12px;align-items:baseline;list-style:none}
summary:focus-visible{outline:2px solid var(--accent);outline-offset:-2px}
summary b{flex:1;font-weight:600;overflow-wrap:anywhere}time,.to{color:var(--muted);font-size:12px;white-space:nowrap}
.to{padding:0 16px 10px}iframe{width:100%;height:520px;border:0;border-top:1px solid var(--line);background:#fff}
.empty{color:var(--muted);text-align:center;padding:48px 0}
@media(max-width:560px){summary{flex-wrap:wrap}}`;

/** The mail's HTML in a frame without scripts, forms, or the page's origin. */
function article({ id, at, subject, to, html, text }: StoredMail, isFirst: boolean): string {
  const body = html ?? `<pre>${escape(text ?? '')}</pre>`;
  return `<details id="${escape(id)}"${isFirst ? ' open' : ''}><summary><b>${escape(subject)}</b><time datetime="${at}">${at.slice(0, 19).replace('T', ' ')} UTC</time></summary>
<div class="to">to ${escape(to.join(', '))}</div>
<iframe sandbox title="${escape(subject)}" loading="lazy" srcdoc="${escape(body)}"></iframe></details>`;
}

/** The mailbox as a page, newest first. */
export function mailboxPage(mails: readonly StoredMail[]): string {
  const list = [...mails].reverse();
  const body =
    list.length === 0
      ? '<p class="empty">No mail yet. Fills and errors of the desk appear here.</p>'
      : list.map((mail, index) => article(mail, index === 0)).join('\n');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Mailbox (${list.length})</title><style>${STYLE}</style></head>
<body><header><h1>Tradewind mailbox</h1><p>${list.length} mail${list.length === 1 ? '' : 's'} captured on this machine; none of them left it. Reload for more.</p></header><main>${body}</main></body></html>`;
}
