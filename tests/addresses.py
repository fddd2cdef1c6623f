"""Every address of the product, and who may use it: the table that the matrices of addresses and of rights read.

An address without its row fails tests/test_url_matrix.py, so that none is added without saying who may use it.
"""

from dataclasses import dataclass

OK, SEE_OTHER, FORBIDDEN, NOT_FOUND, NOT_ALLOWED, UNREADABLE = 200, 302, 403, 404, 405, 422
SIGN_IN = "sign_in"
PRESCRIBING = frozenset({"clinician"})
DRAFTING = frozenset({"clinician", "pharmacist"})
LOGGING = frozenset({"clinician", "nurse", "pharmacist"})
RUNNING = frozenset({"admin"})
NOBODY = frozenset[str]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """ids: what stands in the address. get, post: what a reader of the clinic gets; 405: it is no method of the page.

    who: the roles that a 403 is not for; they get `seen`, and `done` for a form that is sent empty. public: open to
    visitors. own: a person's own account, whoever they work for.
    """

    ids: tuple[str, ...] = ("patient_id",)
    get: int = OK
    post: int = NOT_ALLOWED
    who: frozenset[str] = NOBODY
    seen: int = OK
    done: int = UNREADABLE
    public: bool = False
    own: bool = False

    @property
    def is_scoped(self) -> bool:
        return "patient_id" in self.ids


PLAN = ("patient_id", "plan_id")
FLAG = ("patient_id", "flag_id")
FACT = ("patient_id", "fact_id")
ROWS = {
    "sign_in": Row(ids=(), get=SEE_OTHER, post=SEE_OTHER, public=True),
    "sign_out": Row(ids=(), get=NOT_ALLOWED, post=SEE_OTHER, public=True),
    "worklist": Row(ids=()),
    "find_patients": Row(ids=(), post=OK),
    "guidance": Row(ids=()),
    "rule": Row(ids=("code",)),
    "new_patient": Row(ids=(), post=FORBIDDEN, who=LOGGING),
    "patient": Row(),
    "patient_details": Row(post=FORBIDDEN, who=LOGGING),
    "treatment": Row(post=FORBIDDEN, who=LOGGING),
    "conditions": Row(post=FORBIDDEN, who=LOGGING),
    "condition_end": Row(ids=FACT, get=NOT_ALLOWED, post=FORBIDDEN, who=LOGGING),
    "medicines": Row(post=FORBIDDEN, who=LOGGING),
    "medicine_end": Row(ids=FACT, get=NOT_ALLOWED, post=FORBIDDEN, who=LOGGING, done=NOT_FOUND),
    "kidney": Row(post=FORBIDDEN, who=LOGGING),
    "interruptions": Row(post=FORBIDDEN, who=LOGGING),
    "interruption_note": Row(ids=FACT, get=NOT_ALLOWED, post=FORBIDDEN, who=LOGGING, done=NOT_FOUND),
    "supply": Row(post=FORBIDDEN, who=LOGGING),
    "hand_over": Row(post=UNREADABLE),
    "reviews": Row(post=FORBIDDEN, who=LOGGING),
    "review_done": Row(ids=("patient_id", "review_id"), get=NOT_ALLOWED, post=FORBIDDEN, who=LOGGING),
    "review_in_error": Row(ids=("patient_id", "review_id"), get=NOT_ALLOWED, post=FORBIDDEN, who=LOGGING),
    "symptoms": Row(),
    "symptom_end": Row(ids=("patient_id", "entry_id"), get=NOT_ALLOWED, post=FORBIDDEN, who=LOGGING, done=NOT_FOUND),
    "preview_dose": Row(get=NOT_ALLOWED, post=OK),
    "log_dose": Row(post=FORBIDDEN, who=PRESCRIBING),
    "log_intake": Row(post=FORBIDDEN, who=LOGGING),
    "log_sedation": Row(post=FORBIDDEN, who=LOGGING),
    "log_effects": Row(post=FORBIDDEN, who=LOGGING),
    "log_signs": Row(post=FORBIDDEN, who=LOGGING),
    "log_response": Row(post=FORBIDDEN, who=LOGGING),
    "entry_in_error": Row(ids=("patient_id", "kind", "entry_id"), post=FORBIDDEN, who=LOGGING),
    "flag": Row(ids=FLAG),
    "accept_flag": Row(ids=FLAG, get=NOT_ALLOWED, post=FORBIDDEN, who=PRESCRIBING),
    "flag_contact": Row(ids=FLAG, get=NOT_ALLOWED, post=FORBIDDEN, who=LOGGING),
    "plan_new": Row(post=FORBIDDEN, who=DRAFTING),
    "plan_draw": Row(get=NOT_ALLOWED, post=OK),
    "plan_compare": Row(post=422),
    "plan": Row(ids=PLAN),
    "plan_sign": Row(ids=PLAN, get=FORBIDDEN, post=FORBIDDEN, who=PRESCRIBING),
    "plan_hold": Row(ids=PLAN, get=FORBIDDEN, post=FORBIDDEN, who=PRESCRIBING, seen=UNREADABLE),
    "plan_resume": Row(ids=PLAN, get=FORBIDDEN, post=FORBIDDEN, who=PRESCRIBING, seen=UNREADABLE),
    "plan_slow_down": Row(ids=PLAN, get=FORBIDDEN, post=FORBIDDEN, who=PRESCRIBING, seen=UNREADABLE),
    "plan_skip": Row(ids=PLAN, get=FORBIDDEN, post=FORBIDDEN, who=PRESCRIBING, seen=UNREADABLE),
    "plan_step_back": Row(ids=PLAN, get=FORBIDDEN, post=FORBIDDEN, who=PRESCRIBING, seen=UNREADABLE),
    "plan_stop": Row(ids=PLAN, get=FORBIDDEN, post=FORBIDDEN, who=DRAFTING),
    "plan_step_confirm": Row(ids=(*PLAN, "step_id"), get=NOT_ALLOWED, post=FORBIDDEN, who=LOGGING),
    "plan_export": Row(ids=(*PLAN, "variant", "suffix"), get=FORBIDDEN, who=LOGGING),
    "plan_take_home": Row(ids=PLAN, get=FORBIDDEN, who=LOGGING),
    "plan_sheet": Row(ids=PLAN, get=FORBIDDEN, who=LOGGING),
    "audit": Row(ids=(), get=FORBIDDEN, post=FORBIDDEN, who=RUNNING, done=SEE_OTHER),
    "audit_export": Row(ids=(), get=FORBIDDEN, who=RUNNING),
    "statistics": Row(ids=()),
    "week": Row(ids=(), post=FORBIDDEN, who=LOGGING, done=SEE_OTHER),
    "week_paper": Row(ids=("paper_id",), get=NOT_FOUND, post=NOT_FOUND),
    "week_fetch": Row(ids=("paper_id",), get=NOT_ALLOWED, post=NOT_FOUND),
    "clinic_settings": Row(ids=(), get=FORBIDDEN, post=FORBIDDEN, who=RUNNING),
    "clinic_preview": Row(ids=(), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING),
    "reasons": Row(ids=(), get=FORBIDDEN, post=FORBIDDEN, who=RUNNING),
    "reason_rename": Row(ids=("code",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING),
    "reason_retire": Row(ids=("code",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING),
    "templates": Row(ids=(), get=FORBIDDEN, who=RUNNING),
    "template_new": Row(ids=(), get=FORBIDDEN, post=FORBIDDEN, who=RUNNING),
    "template": Row(ids=("template_id",), get=FORBIDDEN, post=FORBIDDEN, who=RUNNING),
    "template_retire": Row(ids=("template_id",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING, done=409),
    "template_bring_back": Row(ids=("template_id",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING, done=409),
    "products": Row(ids=(), get=FORBIDDEN, post=FORBIDDEN, who=RUNNING),
    "product_add": Row(ids=(), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING),
    "product_retire": Row(ids=("code",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING),
    "product_bring_back": Row(ids=("code",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING),
    "history_import": Row(post=FORBIDDEN, who=LOGGING),
    "import_preview": Row(ids=("patient_id", "import_id"), post=FORBIDDEN, who=LOGGING, done=OK),
    "import_undo": Row(ids=("patient_id", "import_id"), post=FORBIDDEN, who=LOGGING),
    "healthz": Row(ids=(), public=True),
    "readyz": Row(ids=(), get=NOT_FOUND, public=True),
    "metrics": Row(ids=(), get=NOT_FOUND, public=True),
    # Signing in and one's own account: open to visitors, or the reader's own.
    "account_login": Row(ids=(), get=SEE_OTHER, post=SEE_OTHER, public=True),
    "account_logout": Row(ids=(), get=NOT_ALLOWED, post=SEE_OTHER, public=True),
    "mfa_authenticate": Row(ids=(), get=SEE_OTHER, post=SEE_OTHER, public=True),
    "join": Row(ids=("token",), post=UNREADABLE, public=True),
    "account_reset_password": Row(ids=(), post=OK, public=True),
    "account_reset_password_done": Row(ids=(), public=True),
    "account_reset_password_from_key": Row(ids=("uidb36", "key"), post=OK, public=True),
    "account_reset_password_from_key_done": Row(ids=(), public=True),
    "well_known_change_password": Row(ids=(), get=SEE_OTHER),
    "signed_in_again": Row(own=True, ids=()),
    "sign_in_token": Row(own=True, ids=()),
    "kept_form": Row(ids=("kept_id",), get=NOT_FOUND, post=SEE_OTHER),
    "mfa_index": Row(own=True, ids=()),
    "account_change_password": Row(own=True, ids=(), post=OK),
    "sessions": Row(own=True, ids=(), post=SEE_OTHER),
    "account_reauthenticate": Row(own=True, ids=(), post=OK),
    "mfa_reauthenticate": Row(ids=(), get=SEE_OTHER, post=SEE_OTHER),
    "mfa_reauthenticate_webauthn": Row(ids=(), get=SEE_OTHER, post=SEE_OTHER),
    "mfa_activate_totp": Row(own=True, ids=(), post=OK),
    "mfa_deactivate_totp": Row(ids=(), get=NOT_FOUND, post=NOT_FOUND),
    "mfa_list_webauthn": Row(own=True, ids=()),
    "mfa_add_webauthn": Row(own=True, ids=(), post=OK),
    "mfa_remove_webauthn": Row(ids=("pk",), get=NOT_FOUND, post=NOT_FOUND),
    "mfa_view_recovery_codes": Row(ids=(), get=NOT_FOUND),
    "mfa_generate_recovery_codes": Row(own=True, ids=(), post=OK),
    "people": Row(ids=(), get=FORBIDDEN, post=FORBIDDEN, who=RUNNING),
    "member": Row(ids=("member_id",), get=FORBIDDEN, post=FORBIDDEN, who=RUNNING),
    "member_disable": Row(ids=("member_id",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING, done=SEE_OTHER),
    "member_enable": Row(ids=("member_id",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING, done=409),
    "member_second_factor": Row(ids=("member_id",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING),
    "invitation_revoke": Row(ids=("invitation_id",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING, done=SEE_OTHER),
}
SCOPED = {name: row for name, row in ROWS.items() if row.is_scoped}
METHODS = ("GET", "HEAD", "POST")
