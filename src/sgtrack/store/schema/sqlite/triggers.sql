-- Written by scripts/make_schema.py; change the tables in store/ or model/record_kinds.py.

CREATE TRIGGER ledger_is_not_updated BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER ledger_is_not_deleted BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER ledger_is_not_replaced BEFORE INSERT ON ledger
WHEN EXISTS (SELECT 1 FROM ledger)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER link_is_not_updated BEFORE UPDATE ON link
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER link_is_not_deleted BEFORE DELETE ON link
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER link_is_not_replaced BEFORE INSERT ON link
WHEN EXISTS (SELECT 1 FROM link
             WHERE source = NEW.source AND seq = NEW.seq AND hash = NEW.hash)
  OR (NEW.kind <> 'migration' AND EXISTS (
      SELECT 1 FROM link WHERE kind = NEW.kind AND record_id = NEW.record_id))
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER activity_is_not_updated BEFORE UPDATE ON activity
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER activity_is_not_deleted BEFORE DELETE ON activity
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER activity_is_not_replaced BEFORE INSERT ON activity
WHEN EXISTS (SELECT 1 FROM activity
             WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER amount_is_not_updated BEFORE UPDATE ON amount
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER amount_is_not_deleted BEFORE DELETE ON amount
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER amount_is_not_replaced BEFORE INSERT ON amount
WHEN EXISTS (SELECT 1 FROM amount
             WHERE activity_id = NEW.activity_id AND unit = NEW.unit)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER participant_is_not_updated BEFORE UPDATE ON participant
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER participant_is_not_deleted BEFORE DELETE ON participant
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER participant_is_not_replaced BEFORE INSERT ON participant
WHEN EXISTS (SELECT 1 FROM participant
             WHERE activity_id = NEW.activity_id AND name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER also_is_not_updated BEFORE UPDATE ON also
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER also_is_not_deleted BEFORE DELETE ON also
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER also_is_not_replaced BEFORE INSERT ON also
WHEN EXISTS (SELECT 1 FROM also
             WHERE activity_id = NEW.activity_id AND item = NEW.item)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER void_is_not_updated BEFORE UPDATE ON void
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER void_is_not_deleted BEFORE DELETE ON void
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER void_is_not_replaced BEFORE INSERT ON void
WHEN EXISTS (SELECT 1 FROM void
             WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER person_is_not_updated BEFORE UPDATE ON person
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER person_is_not_deleted BEFORE DELETE ON person
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER person_is_not_replaced BEFORE INSERT ON person
WHEN EXISTS (SELECT 1 FROM person
             WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER person_void_is_not_updated BEFORE UPDATE ON person_void
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER person_void_is_not_deleted BEFORE DELETE ON person_void
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER person_void_is_not_replaced BEFORE INSERT ON person_void
WHEN EXISTS (SELECT 1 FROM person_void
             WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER person_leave_is_not_updated BEFORE UPDATE ON person_leave
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER person_leave_is_not_deleted BEFORE DELETE ON person_leave
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER person_leave_is_not_replaced BEFORE INSERT ON person_leave
WHEN EXISTS (SELECT 1 FROM person_leave
             WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER annotation_is_not_updated BEFORE UPDATE ON annotation
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER annotation_is_not_deleted BEFORE DELETE ON annotation
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER annotation_is_not_replaced BEFORE INSERT ON annotation
WHEN EXISTS (SELECT 1 FROM annotation
             WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER evidence_is_not_updated BEFORE UPDATE ON evidence
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER evidence_is_not_deleted BEFORE DELETE ON evidence
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER evidence_is_not_replaced BEFORE INSERT ON evidence
WHEN EXISTS (SELECT 1 FROM evidence
             WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER evidence_void_is_not_updated BEFORE UPDATE ON evidence_void
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER evidence_void_is_not_deleted BEFORE DELETE ON evidence_void
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER evidence_void_is_not_replaced BEFORE INSERT ON evidence_void
WHEN EXISTS (SELECT 1 FROM evidence_void
             WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER issued_brief_is_not_updated BEFORE UPDATE ON issued_brief
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER issued_brief_is_not_deleted BEFORE DELETE ON issued_brief
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER issued_brief_is_not_replaced BEFORE INSERT ON issued_brief
WHEN EXISTS (SELECT 1 FROM issued_brief
             WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER issued_figure_is_not_updated BEFORE UPDATE ON issued_figure
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER issued_figure_is_not_deleted BEFORE DELETE ON issued_figure
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER issued_figure_is_not_replaced BEFORE INSERT ON issued_figure
WHEN EXISTS (SELECT 1 FROM issued_figure
             WHERE brief_id = NEW.brief_id AND item = NEW.item AND kind = NEW.kind AND unit = NEW.unit AND per = NEW.per)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER issued_entry_is_not_updated BEFORE UPDATE ON issued_entry
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER issued_entry_is_not_deleted BEFORE DELETE ON issued_entry
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER issued_entry_is_not_replaced BEFORE INSERT ON issued_entry
WHEN EXISTS (SELECT 1 FROM issued_entry
             WHERE entry_id = NEW.entry_id AND brief_id = NEW.brief_id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER issued_file_is_not_updated BEFORE UPDATE ON issued_file
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER issued_file_is_not_deleted BEFORE DELETE ON issued_file
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER issued_file_is_not_replaced BEFORE INSERT ON issued_file
WHEN EXISTS (SELECT 1 FROM issued_file
             WHERE brief_id = NEW.brief_id AND format = NEW.format)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER brief_withdrawal_is_not_updated BEFORE UPDATE ON brief_withdrawal
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER brief_withdrawal_is_not_deleted BEFORE DELETE ON brief_withdrawal
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER brief_withdrawal_is_not_replaced BEFORE INSERT ON brief_withdrawal
WHEN EXISTS (SELECT 1 FROM brief_withdrawal
             WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER contract_is_not_updated BEFORE UPDATE ON contract
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER contract_is_not_deleted BEFORE DELETE ON contract
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER contract_is_not_replaced BEFORE INSERT ON contract
WHEN EXISTS (SELECT 1 FROM contract
             WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER forgetting_is_not_updated BEFORE UPDATE ON forgetting
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER forgetting_is_not_deleted BEFORE DELETE ON forgetting
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER forgetting_is_not_replaced BEFORE INSERT ON forgetting
WHEN EXISTS (SELECT 1 FROM forgetting
             WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER forgotten_is_not_updated BEFORE UPDATE ON forgotten
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER forgotten_is_not_deleted BEFORE DELETE ON forgotten
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER forgotten_is_not_replaced BEFORE INSERT ON forgotten
WHEN EXISTS (SELECT 1 FROM forgotten
             WHERE forgetting_id = NEW.forgetting_id AND kind = NEW.kind AND record_id = NEW.record_id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER merge_is_not_updated BEFORE UPDATE ON merge
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER merge_is_not_deleted BEFORE DELETE ON merge
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER merge_is_not_replaced BEFORE INSERT ON merge
WHEN EXISTS (SELECT 1 FROM merge
             WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER abridgement_is_not_updated BEFORE UPDATE ON abridgement
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER abridgement_is_not_deleted BEFORE DELETE ON abridgement
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER abridgement_is_not_replaced BEFORE INSERT ON abridgement
WHEN EXISTS (SELECT 1 FROM abridgement
             WHERE merge_id = NEW.merge_id AND kind = NEW.kind AND record_id = NEW.record_id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER resolution_is_not_updated BEFORE UPDATE ON resolution
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER resolution_is_not_deleted BEFORE DELETE ON resolution
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER resolution_is_not_replaced BEFORE INSERT ON resolution
WHEN EXISTS (SELECT 1 FROM resolution
             WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER resolved_is_not_updated BEFORE UPDATE ON resolved
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER resolved_is_not_deleted BEFORE DELETE ON resolved
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER resolved_is_not_replaced BEFORE INSERT ON resolved
WHEN EXISTS (SELECT 1 FROM resolved
             WHERE resolution_id = NEW.resolution_id AND decision_id = NEW.decision_id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
