// Verifies credentials by libraries that are not ours, and by nothing from the network: node verify_credential.mjs asked.json
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";

const asked = JSON.parse(await readFile(process.argv[2], "utf8"));
const require = createRequire(`${asked.modules}/`);
const load = (name) => import(require.resolve(name));
const { contexts } = (await load("@digitalbazaar/credentials-context")).default;
const vc = await load("@digitalbazaar/vc");
const { DataIntegrityProof } = await load("@digitalbazaar/data-integrity");
const { cryptosuite } = await load("@digitalbazaar/eddsa-rdfc-2022-cryptosuite");
const { checkStatus } = await load("@digitalbazaar/vc-bitstring-status-list");
const multikey = await load("@digitalbazaar/ed25519-multikey");
const jose = await load("jose");

const didIn = (served) => Object.entries(served).find(([url]) => url.endsWith("/.well-known/did.json"))[1];

/** Documents by address: ours as they are served, W3C's from its package. Addresses of keys lead into the issuer's document. */
const loaderOf = (served) => async (url) => {
  const did = didIn(served);
  const method = did.verificationMethod.find((one) => one.id === url);
  const ours = url === did.id ? did : method && { "@context": "https://w3id.org/security/multikey/v1", ...method };
  const document = ours ?? served[url] ?? contexts.get(url);
  if (!document) throw new Error(`nothing is fetched: ${url}`);
  return { contextUrl: null, documentUrl: url, document };
};

const reasons = (error) => (error ? [error.message, ...(error.errors ?? []).flatMap(reasons), ...reasons(error.cause)] : []);

async function ofDataIntegrity(text, served, now) {
  const documentLoader = loaderOf(served);
  const suite = () => new DataIntegrityProof({ cryptosuite });
  const status = ({ credential }) =>
    checkStatus({ credential, documentLoader, suite: suite(), verifyBitstringStatusListCredential: true });
  const told = await vc.verifyCredential({ credential: JSON.parse(text), suite: suite(), documentLoader, checkStatus: status, now });
  const inner = (told.results ?? []).flatMap((one) => reasons(one.error));
  // The library tells each bit and leaves it to whoever asks what a set one means: here, that the certificate does not stand.
  const set = (told.statusResult?.results ?? []).filter((one) => one.status).map((one) => one.credentialStatus.statusPurpose);
  const verified = told.verified && told.statusResult.results.length === 2 && !set.length;
  return { verified, reasons: [...reasons(told.error), ...inner, ...reasons(told.statusResult?.error), ...set] };
}

async function ofJwt(text, served) {
  try {
    const head = jose.decodeProtectedHeader(text);
    const method = didIn(served).verificationMethod.find((one) => one.id === head.kid);
    const pair = await multikey.from(method);
    const x = Buffer.from((await pair.export({ publicKey: true, raw: true })).publicKey).toString("base64url");
    const key = await jose.importJWK({ kty: "OKP", crv: "Ed25519", x }, head.alg);
    const { payload } = await jose.compactVerify(text, key);
    return { verified: true, reasons: [], head, credential: JSON.parse(new TextDecoder().decode(payload)) };
  } catch (error) {
    return { verified: false, reasons: reasons(error) };
  }
}

const told = [];
for (const { form, text, served, now } of asked.cases) {
  const at = now ? new Date(now) : new Date();
  told.push(form === "jwt" ? await ofJwt(text, served) : await ofDataIntegrity(text, served, at));
}
process.stdout.write(JSON.stringify(told));
