/* One accent, the site's: text on it is black or white. */
export const look = new CSSStyleSheet();
look.replaceSync(`
:host{--on:oklch(from var(--a) calc((.56 - l)*999) 0 0);--surface:light-dark(#fff,#17191d);--text:light-dark(#1c2024,#eceef0);
--muted:light-dark(#5b626b,#a4abb5);--soft:light-dark(#f1f3f5,#25292f);--line:light-dark(#e1e5e9,#343a42);--bad:light-dark(#b3261e,#ffb4ab);
--link:light-dark(oklch(from var(--a) min(l,.46) c h),oklch(from var(--a) max(l,.8) min(c,.12) h))}
*,::before{box-sizing:border-box}
[hidden]{display:none!important}
#launcher{position:relative}
#launcher[aria-expanded=true]::before{clip-path:path("M4 9l3-2 7 8 7-8 3 2-10 11z")}
#panel{position:absolute;bottom:70px;right:0;display:flex;flex-direction:column;width:384px;height:min(640px,100dvh - 116px);
max-width:calc(100vw - 40px);overflow:hidden;border:1px solid var(--line);border-radius:14px;background:var(--surface);color:var(--text);
font:15px/1.5 system-ui,sans-serif;box-shadow:0 12px 40px #0003}
:host([data-edge=left]) #panel{right:auto;left:0}
button,textarea{font:inherit;color:inherit;margin:0}
button{cursor:pointer}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
#log:focus-visible{outline-offset:-2px}
a{color:var(--link)}
h2,p{margin:0;font-size:16px;line-height:1.3}
.head{display:flex;flex-wrap:wrap;gap:0 4px;padding:12px;padding-inline-start:16px;border-block-end:1px solid var(--line)}
.head div{flex:1;align-self:center;min-width:0;overflow-wrap:anywhere}
.head p,#status,#typing{font-size:13px;color:var(--muted)}
.head a{display:inline-block;padding-block:4px;margin:0 0 -6px;margin-inline-end:12px}
.head>p{width:100%}
.icon{display:grid;place-items:center;flex:none;width:36px;height:36px;padding:0;border:0;border-radius:11px;background:none;color:var(--muted)}
.icon:hover{background:var(--soft);color:var(--text)}
.icon::before{content:"";padding:12px}
#attach::before{clip-path:path("M11 4h2v7h7v2h-7v7h-2v-7h-7v-2h7z")}
#send::before{clip-path:path("M12 4l7 7-2 2-4-4v11h-2v-11l-4 4-2-2z")}
#more::before{clip-path:path("M4 10h3v3h-3zM11 10h3v3h-3zM18 10h3v3h-3z")}
#close::before{clip-path:path("M6 5l6 6 6-6 1 1-6 6 6 6-1 1-6-6-6 6-1-1 6-6-6-6z")}
#log{position:relative;flex:1;min-height:0;overflow-y:auto;overscroll-behavior:contain;padding:16px;scrollbar-width:thin}
#list{margin:0;padding:0;list-style:none}
#hello,.bubble{width:fit-content;max-width:86%;padding:8px 12px;border-radius:12px;background:var(--soft);font-size:15px;line-height:1.5}
#banner:empty,#status:empty{display:none}
#banner{padding:8px 16px;background:var(--soft);font-size:14px}
#status{padding:4px 16px}
.foot{padding:0 12px 8px}
#typing{height:22px;padding:0 4px;overflow:hidden}
form{display:flex;align-items:flex-end;gap:4px;padding:3px;border:1px solid light-dark(#868e98,#7b838e);border-radius:14px}
form:focus-within{border-color:var(--link);box-shadow:0 0 0 1px var(--link)}
#field{flex:1;min-width:0;max-height:132px;padding:7px 4px;border:0;background:none;outline:0;resize:none;line-height:22px;font-size:16px}
#field::placeholder{color:var(--muted);opacity:1}
#send{background:var(--a);color:var(--on)}
#send:disabled{background:var(--soft);color:var(--muted)}
.link{min-height:32px;padding:0 4px;border:0;background:none;color:var(--link);font-size:14px;text-decoration:underline}
.link:disabled{color:var(--muted);text-decoration:none}
#status.bad{color:var(--bad)}
@media (width<480px){#panel{position:fixed;inset:var(--top,0) 0 auto!important;width:100vw;max-width:none;height:var(--tall,100dvh);border:0;
border-radius:0}#launcher[aria-expanded=true]{visibility:hidden}}
@media (height<420px){#panel{overflow-y:auto}#log{flex:1 0 140px}.foot{position:sticky;bottom:0;background:var(--surface)}.head p{display:none}}
@media (forced-colors:active){.bubble,#hello,#send{border:1px solid}form:focus-within{outline:2px solid}}
`);
