/** Style and script of a plan's page. The page's policy lets run exactly these texts. */

export const pageStyle = `
body{font:14px/1.4 system-ui,sans-serif;margin:1.5rem;color:#111;background:#fff}
h1{font-size:1.2rem}h2,summary{font-size:1rem;font-weight:bold}details ul{columns:16rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dt{color:#555}dd{margin:0;overflow-wrap:anywhere}
form{position:sticky;top:0;background:#fff;padding:.5rem 0;display:flex;flex-wrap:wrap;gap:1rem}form[hidden]{display:none}
table{border-collapse:collapse;width:100%}th,td{border:1px solid #ccc;padding:.15rem .4rem;text-align:left;overflow-wrap:anywhere}
th{background:#eee}td:nth-child(4){text-align:right}
@media print{form{display:none}body{margin:0;font-size:10px}thead{display:table-header-group}tr{break-inside:avoid}}
`;

/** Columns by their order in the page: 0 account, 1 operation, 3 risk, 5 field. */
export const pageScript = `
const rows = [...document.querySelectorAll('tbody tr')];
const cell = (row, column) => row.cells[column].textContent;
const [text, operation, field, risk, shown] = ['text', 'operation', 'field', 'risk', 'shown'].map((id) => document.getElementById(id));
const fill = (select, column) => {
  for (const value of new Set(rows.map((row) => cell(row, column)))) select.append(new Option(value, value));
};
const show = () => {
  const wanted = text.value.toLowerCase();
  let count = 0;
  for (const row of rows) {
    const fits = (operation.value === '' || cell(row, 1) === operation.value)
      && (field.value === '' || cell(row, 5) === field.value)
      && Number(cell(row, 3)) >= Number(risk.value)
      && (wanted === '' || row.textContent.toLowerCase().includes(wanted));
    row.hidden = !fits;
    if (fits) count += 1;
  }
  shown.textContent = count + ' of ' + rows.length + ' rows';
};
fill(operation, 1);
fill(field, 5);
for (const control of [text, operation, field, risk]) control.addEventListener('input', show);
document.getElementById('filters').addEventListener('submit', (event) => event.preventDefault());
document.getElementById('filters').hidden = false;
show();
`;
