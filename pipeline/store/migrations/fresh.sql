CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
;
CREATE TABLE aliases (
	id TEXT NOT NULL, 
	story TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_aliases PRIMARY KEY (id)
)
 STRICT


;
CREATE INDEX ix_aliases_story ON aliases (story)
;
CREATE TABLE articles (
	id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	url TEXT NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	html TEXT NOT NULL, 
	language TEXT NOT NULL, 
	confidence REAL NOT NULL, 
	language_evidence TEXT NOT NULL, 
	published TEXT, 
	zone TEXT NOT NULL, 
	precision TEXT NOT NULL, 
	published_evidence TEXT NOT NULL, 
	images TEXT NOT NULL, 
	alternates TEXT NOT NULL, 
	declared TEXT NOT NULL, 
	authors TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	made_by TEXT NOT NULL, 
	dropped TEXT NOT NULL, 
	robots TEXT NOT NULL, 
	version TEXT NOT NULL, 
	first_seen TEXT NOT NULL, 
	updated TEXT NOT NULL, 
	dated TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	history INTEGER NOT NULL, 
	paired INTEGER NOT NULL, event_date TEXT DEFAULT '' NOT NULL, modified TEXT, sections TEXT DEFAULT '[]' NOT NULL, attachments TEXT DEFAULT '[]' NOT NULL, machine INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_articles PRIMARY KEY (id)
)
 STRICT


;
CREATE INDEX ix_articles_dated ON articles (dated)
;
CREATE INDEX ix_articles_first_seen ON articles (first_seen)
;
CREATE INDEX ix_articles_paired ON articles (paired)
;
CREATE INDEX ix_articles_updated ON articles (updated)
;
CREATE TABLE captures (
	id INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	asked TEXT NOT NULL, 
	url TEXT NOT NULL, 
	status INTEGER NOT NULL, 
	headers TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	fetched_at TEXT NOT NULL, 
	CONSTRAINT pk_captures PRIMARY KEY (id)
)
 STRICT


;
CREATE INDEX ix_captures_digest ON captures (digest)
;
CREATE TABLE events (
	id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	source TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_events PRIMARY KEY (id)
)
 STRICT


;
CREATE TABLE fetches (
	id INTEGER NOT NULL, 
	run TEXT NOT NULL, 
	source TEXT NOT NULL, 
	role TEXT NOT NULL, 
	url TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	at TEXT NOT NULL, 
	seconds REAL NOT NULL, 
	size INTEGER NOT NULL, 
	detail TEXT NOT NULL, 
	conditional INTEGER NOT NULL, 
	CONSTRAINT pk_fetches PRIMARY KEY (id)
)
 STRICT


;
CREATE INDEX ix_fetches_at ON fetches (at)
;
CREATE INDEX ix_fetches_source_at ON fetches (source, at)
;
CREATE TABLE listings (
	url TEXT NOT NULL, 
	source TEXT NOT NULL, 
	etag TEXT NOT NULL, 
	last_modified TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	last_ok TEXT NOT NULL, 
	complete INTEGER NOT NULL, 
	CONSTRAINT pk_listings PRIMARY KEY (url)
)
 STRICT


;
CREATE TABLE profiles (
	source TEXT NOT NULL, 
	profile TEXT NOT NULL, 
	CONSTRAINT pk_profiles PRIMARY KEY (source)
)
 STRICT


;
CREATE TABLE publications (
	feed TEXT NOT NULL, 
	entry TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_publications PRIMARY KEY (feed, entry)
)
 STRICT


;
CREATE TABLE revisions (
	id INTEGER NOT NULL, 
	article TEXT NOT NULL, 
	at TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	html TEXT NOT NULL, 
	version TEXT NOT NULL, published TEXT, published_evidence TEXT DEFAULT '' NOT NULL, language TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_revisions PRIMARY KEY (id)
)
 STRICT


;
CREATE INDEX ix_revisions_article ON revisions (article)
;
CREATE TABLE robots (
	origin TEXT NOT NULL, 
	status INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	fetched_at TEXT NOT NULL, 
	CONSTRAINT pk_robots PRIMARY KEY (origin)
)
 STRICT


;
CREATE TABLE runs (
	id TEXT NOT NULL, 
	verb TEXT NOT NULL, 
	started TEXT NOT NULL, 
	finished TEXT, 
	exit_code INTEGER, 
	summary TEXT NOT NULL, 
	CONSTRAINT pk_runs PRIMARY KEY (id)
)
 STRICT


;
CREATE TABLE sources (
	id TEXT NOT NULL, 
	last_pass TEXT, 
	last_success TEXT, 
	last_new TEXT, 
	failures INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	detail TEXT NOT NULL, trouble REAL DEFAULT '0' NOT NULL, quiet_until TEXT, 
	CONSTRAINT pk_sources PRIMARY KEY (id)
)
 STRICT


;
CREATE TABLE stories (
	id TEXT NOT NULL, 
	state TEXT NOT NULL, 
	first_seen TEXT NOT NULL, 
	updated TEXT NOT NULL, 
	match_ru TEXT NOT NULL, 
	match_en TEXT NOT NULL, 
	probability REAL, 
	reasons TEXT NOT NULL, doubt REAL, ru_source TEXT DEFAULT '' NOT NULL, en_source TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_stories PRIMARY KEY (id)
)
 STRICT


;
CREATE TABLE text_items (
	article TEXT NOT NULL, 
	text TEXT NOT NULL, 
	rank INTEGER NOT NULL, 
	CONSTRAINT pk_text_items PRIMARY KEY (article)
)
 STRICT


;
CREATE INDEX ix_text_items_text ON text_items (text)
;
CREATE TABLE texts (
	id TEXT NOT NULL, 
	story TEXT NOT NULL, 
	language TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	CONSTRAINT pk_texts PRIMARY KEY (id)
)
 STRICT


;
CREATE INDEX ix_texts_story ON texts (story)
;
CREATE TABLE verdicts (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	ru TEXT NOT NULL, 
	en TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at TEXT NOT NULL, 
	digests TEXT NOT NULL, probability REAL, 
	CONSTRAINT pk_verdicts PRIMARY KEY (id)
)
 STRICT


;
CREATE TABLE addresses (
	"key" TEXT NOT NULL, 
	url TEXT NOT NULL, 
	source TEXT NOT NULL, 
	state TEXT NOT NULL, 
	link TEXT NOT NULL, 
	first_seen TEXT NOT NULL, 
	history INTEGER NOT NULL, 
	attempts INTEGER NOT NULL, 
	checks INTEGER NOT NULL, 
	due TEXT, 
	last_kind TEXT NOT NULL, 
	etag TEXT NOT NULL, 
	last_modified TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	capture INTEGER, 
	article TEXT, "by" TEXT DEFAULT 'listing' NOT NULL, read_by TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_addresses PRIMARY KEY ("key"), 
	CONSTRAINT fk_addresses_capture FOREIGN KEY(capture) REFERENCES captures (id)
)
 STRICT


;
CREATE INDEX ix_addresses_source_state ON addresses (source, state)
;
CREATE TABLE holds (
	host TEXT NOT NULL, 
	until TEXT NOT NULL, 
	CONSTRAINT pk_holds PRIMARY KEY (host)
)
 STRICT


;
CREATE TABLE alarms (
	id INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	since TEXT NOT NULL, 
	closed TEXT, 
	facts TEXT NOT NULL, 
	CONSTRAINT pk_alarms PRIMARY KEY (id)
)
 STRICT


;
CREATE INDEX ix_alarms_closed ON alarms (closed)
;
CREATE TABLE visits (
	id INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	listing TEXT NOT NULL, 
	at TEXT NOT NULL, 
	pages INTEGER NOT NULL, 
	links INTEGER NOT NULL, 
	CONSTRAINT pk_visits PRIMARY KEY (id)
)
 STRICT


;
CREATE INDEX ix_visits_source_at ON visits (source, at)
;
CREATE TABLE told (
	alarm INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_told PRIMARY KEY (alarm, state, channel), 
	CONSTRAINT fk_told_alarm FOREIGN KEY(alarm) REFERENCES alarms (id)
)
 STRICT


;
CREATE TABLE newsletter_items (
	feed TEXT NOT NULL, 
	entry TEXT NOT NULL, 
	state TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_newsletter_items PRIMARY KEY (feed, entry)
)
 STRICT


;
CREATE INDEX ix_newsletter_items_at ON newsletter_items (at)
;
CREATE TABLE labels (
	article TEXT NOT NULL, 
	label TEXT NOT NULL, 
	CONSTRAINT pk_labels PRIMARY KEY (article, label)
)
 STRICT


;
CREATE INDEX ix_labels_label ON labels (label)
;
CREATE TABLE labelled (
	article TEXT NOT NULL, 
	rules TEXT NOT NULL, 
	updated TEXT NOT NULL, 
	CONSTRAINT pk_labelled PRIMARY KEY (article)
)
 STRICT


;
CREATE TABLE archive_items (
	feed TEXT NOT NULL, 
	entry TEXT NOT NULL, 
	page INTEGER NOT NULL, 
	updated TEXT NOT NULL, 
	CONSTRAINT pk_archive_items PRIMARY KEY (feed, entry, page)
)
 STRICT


;
CREATE TABLE archive_pages (
	feed TEXT NOT NULL, 
	page INTEGER NOT NULL, 
	made_of TEXT NOT NULL, 
	CONSTRAINT pk_archive_pages PRIMARY KEY (feed, page)
)
 STRICT


;
CREATE TABLE withdrawals (
	article TEXT NOT NULL, 
	at TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_withdrawals PRIMARY KEY (article)
)
 STRICT


;
CREATE TABLE purges (
	article TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	at TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_purges PRIMARY KEY (article)
)
 STRICT


;
CREATE TABLE tombstones (
	entry TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_tombstones PRIMARY KEY (entry)
)
 STRICT


;
CREATE TABLE digests (
	id TEXT NOT NULL, 
	language TEXT NOT NULL, 
	period TEXT NOT NULL, 
	name TEXT NOT NULL, 
	title TEXT NOT NULL, 
	at TEXT NOT NULL, 
	entries INTEGER NOT NULL, intro TEXT DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_digests PRIMARY KEY (id)
)
 STRICT


;
CREATE TABLE digest_items (
	language TEXT NOT NULL, 
	entry TEXT NOT NULL, 
	digest TEXT NOT NULL, place INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_digest_items PRIMARY KEY (language, entry)
)
 STRICT


;
CREATE INDEX ix_digest_items_digest ON digest_items (digest)
;
CREATE TABLE published_states (
	name TEXT NOT NULL, 
	made_of TEXT NOT NULL, 
	about TEXT NOT NULL, 
	CONSTRAINT pk_published_states PRIMARY KEY (name)
)
 STRICT


;
CREATE TABLE relations (
	one TEXT NOT NULL, 
	other TEXT NOT NULL, 
	probability REAL NOT NULL, 
	reasons TEXT NOT NULL, 
	CONSTRAINT pk_relations PRIMARY KEY (one, other)
)
 STRICT


;
CREATE TABLE learned (
	name TEXT NOT NULL, 
	at TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_learned PRIMARY KEY (name)
)
 STRICT


;
CREATE TABLE features (
	article TEXT NOT NULL, 
	made_of TEXT NOT NULL, 
	version TEXT NOT NULL, 
	url TEXT NOT NULL, 
	hub REAL, 
	claims TEXT NOT NULL, 
	pictures TEXT NOT NULL, 
	sketch BLOB NOT NULL, 
	told TEXT NOT NULL, stamp INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_features PRIMARY KEY (article)
)
 STRICT


;
CREATE INDEX ix_relations_other ON relations (other)
;
CREATE TABLE threads (
	story TEXT NOT NULL, 
	thread TEXT NOT NULL, 
	CONSTRAINT pk_threads PRIMARY KEY (story)
)
 STRICT


;
CREATE INDEX ix_threads_thread ON threads (thread)
;
CREATE TABLE proposals (
	ru TEXT NOT NULL, 
	en TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	at TEXT NOT NULL, 
	probability REAL NOT NULL, 
	reasons TEXT NOT NULL, 
	CONSTRAINT pk_proposals PRIMARY KEY (ru, en)
)
 STRICT


;
CREATE TABLE meanings (
	article TEXT NOT NULL, 
	made_of TEXT NOT NULL, 
	version TEXT NOT NULL, 
	vectors BLOB NOT NULL, 
	CONSTRAINT pk_meanings PRIMARY KEY (article)
)
 STRICT


;
CREATE TABLE missing (
	"key" TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	since TEXT NOT NULL, 
	days INTEGER NOT NULL, 
	last TEXT NOT NULL, 
	sure TEXT, 
	CONSTRAINT pk_missing PRIMARY KEY ("key")
)
 STRICT


;
CREATE TABLE private_documents (
	name TEXT NOT NULL, 
	body BLOB NOT NULL, 
	changed TEXT NOT NULL, 
	CONSTRAINT pk_private_documents PRIMARY KEY (name)
)
 STRICT


;
CREATE TABLE secrets (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_secrets PRIMARY KEY (name)
)
 STRICT


;
CREATE TABLE leases (
	name TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	beat INTEGER NOT NULL, 
	since TEXT NOT NULL, 
	CONSTRAINT pk_leases PRIMARY KEY (name)
)
 STRICT


;
CREATE TABLE absent_pages (
	digest TEXT NOT NULL, 
	at TEXT NOT NULL, 
	why TEXT NOT NULL, 
	CONSTRAINT pk_absent_pages PRIMARY KEY (digest)
)
 STRICT


;
CREATE TABLE editions (
	id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	renderer TEXT NOT NULL, 
	CONSTRAINT pk_editions PRIMARY KEY (id)
)
 STRICT


;
CREATE INDEX ix_editions_at ON editions (at)
;
CREATE TABLE edition_parts (
	name TEXT NOT NULL, 
	edition INTEGER NOT NULL, 
	frame INTEGER NOT NULL, 
	rows TEXT NOT NULL, 
	refused TEXT NOT NULL, 
	CONSTRAINT pk_edition_parts PRIMARY KEY (name, edition), 
	CONSTRAINT fk_edition_parts_edition FOREIGN KEY(edition) REFERENCES editions (id)
)
 STRICT


;
CREATE TABLE proofs (
	id INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	entry TEXT NOT NULL, 
	body BLOB NOT NULL, 
	CONSTRAINT pk_proofs PRIMARY KEY (id)
)
 STRICT


;
CREATE UNIQUE INDEX ix_proofs_digest ON proofs (digest)
;
CREATE INDEX ix_proofs_entry ON proofs (entry)
;
CREATE TABLE segments (
	"key" TEXT NOT NULL, 
	engine TEXT NOT NULL, 
	model TEXT NOT NULL, 
	source TEXT NOT NULL, 
	target TEXT NOT NULL, 
	glossary TEXT NOT NULL, 
	text TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	state TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	lease TEXT, 
	at TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	faults TEXT NOT NULL, 
	article TEXT NOT NULL, 
	CONSTRAINT pk_segments PRIMARY KEY ("key")
)
 STRICT


;
CREATE INDEX ix_segments_article ON segments (article)
;
CREATE INDEX ix_segments_state_engine ON segments (state, engine)
;
CREATE TABLE spending (
	day TEXT NOT NULL, 
	engine TEXT NOT NULL, 
	source TEXT NOT NULL, 
	characters INTEGER NOT NULL, 
	segments INTEGER NOT NULL, 
	requests INTEGER NOT NULL, 
	hits INTEGER NOT NULL, 
	faults INTEGER NOT NULL, 
	CONSTRAINT pk_spending PRIMARY KEY (day, engine, source)
)
 STRICT


;
CREATE TABLE translations (
	text TEXT NOT NULL, 
	original TEXT NOT NULL, 
	language TEXT NOT NULL, 
	article TEXT NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	engine TEXT NOT NULL, 
	model TEXT NOT NULL, 
	version TEXT NOT NULL, 
	at TEXT NOT NULL, 
	made_of TEXT NOT NULL, 
	scope TEXT NOT NULL, 
	segments INTEGER NOT NULL, 
	failed INTEGER NOT NULL, 
	faults TEXT NOT NULL, 
	credit TEXT NOT NULL, said TEXT DEFAULT '[]' NOT NULL, edited TEXT, title TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_translations PRIMARY KEY (text)
)
 STRICT


;
CREATE INDEX ix_translations_original ON translations (original)
;
CREATE INDEX ix_translations_state ON translations (state)
;
CREATE TABLE edits (
	id INTEGER NOT NULL, 
	article TEXT NOT NULL, 
	field TEXT NOT NULL, 
	value TEXT NOT NULL, 
	made_for TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_edits PRIMARY KEY (id)
)
 STRICT


;
CREATE TABLE tags (
	id INTEGER NOT NULL, 
	story TEXT NOT NULL, 
	tag TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at TEXT NOT NULL, 
	gone TEXT, 
	gone_by TEXT NOT NULL, 
	CONSTRAINT pk_tags PRIMARY KEY (id)
)
 STRICT


;
CREATE TABLE stars (
	id INTEGER NOT NULL, 
	story TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at TEXT NOT NULL, 
	gone TEXT, 
	gone_by TEXT NOT NULL, 
	CONSTRAINT pk_stars PRIMARY KEY (id)
)
 STRICT


;
CREATE TABLE notes (
	id INTEGER NOT NULL, 
	story TEXT NOT NULL, 
	text TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at TEXT NOT NULL, 
	gone TEXT, 
	gone_by TEXT NOT NULL, 
	CONSTRAINT pk_notes PRIMARY KEY (id)
)
 STRICT


;
CREATE INDEX ix_edits_article ON edits (article)
;
CREATE INDEX ix_tags_story ON tags (story)
;
CREATE INDEX ix_stars_story ON stars (story)
;
CREATE INDEX ix_notes_story ON notes (story)
;
CREATE INDEX ix_tags_tag_story ON tags (tag, story)
;
CREATE INDEX ix_stars_who_story ON stars (who, story)
;
CREATE INDEX ix_fetches_url ON fetches (url)
;
CREATE INDEX ix_captures_asked ON captures (asked)
;
CREATE INDEX ix_captures_url ON captures (url)
;
CREATE INDEX ix_addresses_article ON addresses (article)
;
CREATE INDEX ix_verdicts_ru ON verdicts (ru)
;
CREATE INDEX ix_verdicts_en ON verdicts (en)
;
CREATE INDEX ix_publications_entry ON publications (entry)
;
CREATE INDEX ix_newsletter_items_entry ON newsletter_items (entry)
;
CREATE INDEX ix_digest_items_entry ON digest_items (entry)
;
CREATE TABLE rewordings (
	id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	segment TEXT NOT NULL, 
	source TEXT NOT NULL, 
	machine TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at TEXT NOT NULL, 
	article TEXT NOT NULL, 
	CONSTRAINT pk_rewordings PRIMARY KEY (id)
)
 STRICT


;
CREATE INDEX ix_rewordings_text ON rewordings (text)
;
CREATE INDEX ix_rewordings_article ON rewordings (article)
;
CREATE TABLE declined_terms (
	ru TEXT NOT NULL, 
	en TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_declined_terms PRIMARY KEY (ru, en)
)
 STRICT


;
CREATE TABLE quotas (
	engine TEXT NOT NULL, 
	until TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_quotas PRIMARY KEY (engine)
)
 STRICT


;
CREATE INDEX ix_articles_counted ON articles (dated, machine, source, language, id)
;
CREATE TABLE selections (
	story TEXT NOT NULL, 
	state TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_selections PRIMARY KEY (story)
)
 STRICT


;
CREATE INDEX ix_selections_state_at ON selections (state, at, story)
;
CREATE TABLE selection_moves (
	story TEXT NOT NULL, 
	"before" TEXT NOT NULL, 
	"after" TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	id INTEGER NOT NULL, 
	CONSTRAINT pk_selection_moves PRIMARY KEY (id)
)
 STRICT


;
CREATE INDEX ix_selection_moves_story ON selection_moves (story)
;
CREATE TABLE ignored (
	article TEXT NOT NULL, 
	story TEXT NOT NULL, 
	CONSTRAINT pk_ignored PRIMARY KEY (article)
)
 STRICT


;
CREATE INDEX ix_ignored_story ON ignored (story)
;
CREATE TABLE drafts (
	language TEXT NOT NULL, 
	title TEXT NOT NULL, 
	intro TEXT NOT NULL, 
	stories TEXT NOT NULL, 
	who TEXT NOT NULL, 
	changed TEXT NOT NULL, 
	issue TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	CONSTRAINT pk_drafts PRIMARY KEY (id)
)
 STRICT


;
CREATE TABLE pauses (
	source TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_pauses PRIMARY KEY (source)
)
 STRICT


;
CREATE TABLE errands (
	kind TEXT NOT NULL, 
	source TEXT NOT NULL, 
	target TEXT NOT NULL, 
	who TEXT NOT NULL, 
	asked TEXT NOT NULL, 
	state TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	began TEXT, 
	ended TEXT, 
	id INTEGER NOT NULL, 
	CONSTRAINT pk_errands PRIMARY KEY (id)
)
 STRICT


;
CREATE INDEX ix_errands_source ON errands (source, id)
;
CREATE INDEX ix_errands_state ON errands (state)
;
CREATE TABLE users (
	name TEXT NOT NULL, 
	password TEXT NOT NULL, 
	role TEXT NOT NULL, 
	language TEXT NOT NULL, 
	since TEXT NOT NULL, 
	changed TEXT NOT NULL, 
	CONSTRAINT pk_users PRIMARY KEY (name)
)
 STRICT


;
CREATE TABLE logins (
	digest TEXT NOT NULL, 
	user TEXT NOT NULL, 
	since TEXT NOT NULL, 
	until TEXT NOT NULL, 
	CONSTRAINT pk_logins PRIMARY KEY (digest)
)
 STRICT


;
CREATE INDEX ix_logins_user ON logins (user)
;
CREATE TABLE api_tokens (
	digest TEXT NOT NULL, 
	user TEXT NOT NULL, 
	name TEXT NOT NULL, 
	since TEXT NOT NULL, 
	until TEXT, 
	CONSTRAINT pk_api_tokens PRIMARY KEY (digest)
)
 STRICT


;
CREATE INDEX ix_api_tokens_user ON api_tokens (user)
;
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	who TEXT NOT NULL, 
	what TEXT NOT NULL, 
	about TEXT NOT NULL, 
	facts TEXT NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
)
 STRICT


;
CREATE INDEX ix_audit_at ON audit (at)
;
CREATE INDEX ix_audit_who ON audit (who)
;
CREATE TABLE shadows (
	id INTEGER NOT NULL, 
	article TEXT NOT NULL, 
	made_of TEXT NOT NULL, 
	version TEXT NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	forms TEXT NOT NULL, 
	CONSTRAINT pk_shadows PRIMARY KEY (id), 
	UNIQUE (article)
)
 STRICT


;
CREATE INDEX ix_shadows_version ON shadows (version)
;
CREATE TABLE cards (
	id INTEGER NOT NULL, 
	article TEXT NOT NULL, 
	story INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	language TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	state TEXT NOT NULL, 
	dated INTEGER NOT NULL, 
	labels TEXT NOT NULL, 
	names TEXT NOT NULL, 
	change INTEGER NOT NULL, 
	CONSTRAINT pk_cards PRIMARY KEY (id)
)
 STRICT


;
CREATE INDEX ix_cards_article ON cards (article)
;
CREATE INDEX ix_cards_change ON cards (change)
;
CREATE TRIGGER fulltext_added AFTER INSERT ON shadows BEGIN INSERT INTO fulltext (rowid, title, text, forms) VALUES (new.id, new.title, new.text, new.forms); END
;
CREATE TRIGGER fulltext_gone AFTER DELETE ON shadows BEGIN INSERT INTO fulltext (fulltext, rowid, title, text, forms) VALUES ('delete', old.id, old.title, old.text, old.forms); END
;
CREATE TRIGGER fulltext_changed AFTER UPDATE OF title, text, forms ON shadows BEGIN INSERT INTO fulltext (fulltext, rowid, title, text, forms) VALUES ('delete', old.id, old.title, old.text, old.forms); INSERT INTO fulltext (rowid, title, text, forms) VALUES (new.id, new.title, new.text, new.forms); END
;
CREATE TRIGGER cards_article_added AFTER INSERT ON articles BEGIN INSERT INTO cards_due (article) VALUES (new.id); END
;
CREATE TRIGGER cards_article_changed AFTER UPDATE OF title, text, source, language, dated, machine ON articles WHEN (old.title <> new.title OR old.text <> new.text OR old.source <> new.source OR old.language <> new.language OR old.dated <> new.dated OR old.machine <> new.machine) BEGIN INSERT INTO cards_due (article) VALUES (new.id); END
;
CREATE TRIGGER cards_article_gone AFTER DELETE ON articles BEGIN DELETE FROM shadows WHERE article = old.id; DELETE FROM cards_due WHERE article = old.id; UPDATE cards SET article = '', story = 0, source = '', labels = '', names = '', change = (SELECT max(change) + 1 FROM cards) WHERE article = old.id; END
;
CREATE TRIGGER cards_text_item_added AFTER INSERT ON text_items BEGIN INSERT INTO cards_due (article) VALUES (new.article); END
;
CREATE TRIGGER cards_text_item_changed AFTER UPDATE OF text ON text_items WHEN (old.text <> new.text) BEGIN INSERT INTO cards_due (article) VALUES (new.article); END
;
CREATE TRIGGER cards_text_item_gone AFTER DELETE ON text_items BEGIN INSERT INTO cards_due (article) VALUES (old.article); END
;
CREATE TRIGGER cards_text_changed AFTER UPDATE OF story, origin ON texts WHEN (old.story <> new.story OR old.origin <> new.origin) BEGIN INSERT INTO cards_due (article) SELECT article FROM text_items WHERE text = new.id; END
;
CREATE TRIGGER cards_text_added AFTER INSERT ON texts BEGIN INSERT INTO cards_due (article) SELECT article FROM text_items WHERE text = new.id; END
;
CREATE TRIGGER cards_story_changed AFTER UPDATE OF state ON stories WHEN (old.state <> new.state) BEGIN INSERT INTO cards_due (article) SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id WHERE t.story  = new.id; END
;
CREATE TRIGGER cards_story_added AFTER INSERT ON stories BEGIN INSERT INTO cards_due (article) SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id WHERE t.story  = new.id; END
;
CREATE TRIGGER cards_edit_added AFTER INSERT ON edits BEGIN INSERT INTO cards_due (article) VALUES (new.article); END
;
CREATE TRIGGER cards_label_added AFTER INSERT ON labels BEGIN INSERT INTO cards_due (article) VALUES (new.article); END
;
CREATE TRIGGER cards_label_gone AFTER DELETE ON labels BEGIN INSERT INTO cards_due (article) VALUES (old.article); END
;
CREATE INDEX ix_stories_doubt_id ON stories (doubt, id)
;
CREATE INDEX ix_articles_window ON articles (dated, machine, paired, language, source, published, published_evidence, id)
;
CREATE INDEX ix_stories_state_doubt_id ON stories (state, doubt, id)
;
CREATE INDEX ix_stories_match_ru ON stories (match_ru)
;
CREATE INDEX ix_stories_match_en ON stories (match_en)
;
CREATE TABLE turns (
	run TEXT NOT NULL, 
	source TEXT NOT NULL, 
	state TEXT NOT NULL, 
	report TEXT NOT NULL, 
	lost INTEGER NOT NULL, 
	CONSTRAINT pk_turns PRIMARY KEY (run, source)
)
 STRICT


;
CREATE TABLE standing_orders (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_standing_orders PRIMARY KEY (name)
)
 STRICT


;
CREATE TRIGGER cards_tag_added AFTER INSERT ON tags BEGIN INSERT INTO cards_due (article) SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id WHERE t.story  = new.story OR t.story IN (SELECT story FROM aliases WHERE id = new.story); END
;
CREATE TRIGGER cards_tag_gone AFTER UPDATE OF gone ON tags BEGIN INSERT INTO cards_due (article) SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id WHERE t.story  = new.story OR t.story IN (SELECT story FROM aliases WHERE id = new.story); END
;
CREATE TRIGGER cards_star_added AFTER INSERT ON stars BEGIN INSERT INTO cards_due (article) SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id WHERE t.story  = new.story OR t.story IN (SELECT story FROM aliases WHERE id = new.story); END
;
CREATE TRIGGER cards_star_gone AFTER UPDATE OF gone ON stars BEGIN INSERT INTO cards_due (article) SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id WHERE t.story  = new.story OR t.story IN (SELECT story FROM aliases WHERE id = new.story); END
;
CREATE TRIGGER cards_story_returned AFTER INSERT ON stories BEGIN INSERT INTO cards_due (article) SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id WHERE t.story  IN (SELECT story FROM aliases WHERE id = new.id); END
;
CREATE TRIGGER cards_alias_added AFTER INSERT ON aliases BEGIN INSERT INTO cards_due (article) SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id WHERE t.story  = new.story; END
;
CREATE TRIGGER cards_alias_changed AFTER UPDATE OF story ON aliases BEGIN INSERT INTO cards_due (article) SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id WHERE t.story  = new.story; END
;
CREATE TRIGGER labelled_tag_added AFTER INSERT ON tags BEGIN DELETE FROM labelled WHERE EXISTS (SELECT 1 FROM tags) AND article IN (SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id WHERE t.story  = new.story OR t.story IN (SELECT story FROM aliases WHERE id = new.story)); END
;
CREATE TRIGGER labelled_tag_gone AFTER UPDATE OF gone ON tags BEGIN DELETE FROM labelled WHERE EXISTS (SELECT 1 FROM tags) AND article IN (SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id WHERE t.story  = new.story OR t.story IN (SELECT story FROM aliases WHERE id = new.story)); END
;
CREATE TRIGGER labelled_story_returned AFTER INSERT ON stories BEGIN DELETE FROM labelled WHERE EXISTS (SELECT 1 FROM tags) AND article IN (SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id WHERE t.story  IN (SELECT story FROM aliases WHERE id = new.id)); END
;
CREATE TRIGGER labelled_alias_added AFTER INSERT ON aliases BEGIN DELETE FROM labelled WHERE EXISTS (SELECT 1 FROM tags) AND article IN (SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id WHERE t.story  = new.story); END
;
CREATE TRIGGER labelled_alias_changed AFTER UPDATE OF story ON aliases BEGIN DELETE FROM labelled WHERE EXISTS (SELECT 1 FROM tags) AND article IN (SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id WHERE t.story  = new.story); END
;
CREATE TRIGGER labelled_text_changed AFTER UPDATE OF story ON texts WHEN (old.story <> new.story) BEGIN DELETE FROM labelled WHERE EXISTS (SELECT 1 FROM tags) AND article IN (SELECT article FROM text_items WHERE text = new.id); END
;
CREATE TRIGGER labelled_text_added AFTER INSERT ON texts BEGIN DELETE FROM labelled WHERE EXISTS (SELECT 1 FROM tags) AND article IN (SELECT article FROM text_items WHERE text = new.id); END
;
CREATE TRIGGER labelled_text_item_added AFTER INSERT ON text_items BEGIN DELETE FROM labelled WHERE EXISTS (SELECT 1 FROM tags) AND article IN (SELECT new.article); END
;
CREATE TRIGGER labelled_text_item_changed AFTER UPDATE OF text ON text_items WHEN (old.text <> new.text) BEGIN DELETE FROM labelled WHERE EXISTS (SELECT 1 FROM tags) AND article IN (SELECT new.article); END
;
CREATE INDEX ix_stories_ru_source_doubt_id ON stories (ru_source, doubt, id)
;
CREATE INDEX ix_stories_en_source_doubt_id ON stories (en_source, doubt, id)
;
CREATE INDEX ix_stories_updated_id ON stories (updated, id)
;
CREATE INDEX ix_articles_source_dated_id ON articles (source, dated, id)
;
CREATE INDEX ix_cards_state_dated_source_language ON cards (state, dated, source, language)
;
CREATE INDEX ix_addresses_state_last_kind ON addresses (state, last_kind)
;
CREATE VIRTUAL TABLE fulltext USING fts5(title, text, forms, content='shadows', content_rowid='id', tokenize="ascii tokenchars '_'", prefix='1 2')
;
CREATE TABLE cards_due (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	article TEXT NOT NULL
)
 STRICT


;
CREATE INDEX ix_cards_due_article ON cards_due (article)
;
CREATE TABLE counters (
	name TEXT NOT NULL, 
	value INTEGER NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (name)
)
 STRICT


;
CREATE INDEX ix_features_stamp ON features (stamp)
;
CREATE INDEX ix_articles_stated ON articles (id, dated, published, published_evidence, precision)
;
CREATE INDEX ix_stories_state_matched ON stories (state, match_ru, match_en)
;
INSERT INTO alembic_version (version_num) VALUES ('0029')
