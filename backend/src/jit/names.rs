//! What a unit refers to by name: filled in when it gets its place.

use super::call::lane_function_signature;
use super::lower::Lower;
use super::unit::Wanted;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{
    ExtFuncData, ExternalName, FuncRef, GlobalValueData, InstBuilder, UserExternalName, Value,
};

impl Lower<'_, '_> {
    /// The name of something outside the unit.
    fn name(&mut self, what: Wanted) -> ExternalName {
        let known = self.names.iter().position(|other| *other == what);
        let index = known.unwrap_or_else(|| {
            self.names.push(what);
            self.names.len() - 1
        });
        let name = UserExternalName::new(0, index as u32);
        ExternalName::user(self.f.func.declare_imported_user_function(name))
    }

    /// A word that is filled in when the unit gets its place.
    pub(super) fn wanted(&mut self, what: Wanted) -> Value {
        let name = self.name(what);
        let symbol = GlobalValueData::Symbol { name, offset: 0.into(), colocated: false, tls: false };
        let symbol = self.f.create_global_value(symbol);
        self.f.ins().symbol_value(I64, symbol)
    }

    /// A function outside the unit: [`Wanted::Helper`], [`Wanted::RareHelper`],
    /// [`Wanted::RareRefill`] or [`Wanted::Lanes`].
    pub(super) fn function(&mut self, what: Wanted) -> FuncRef {
        if let Some((_, known)) = self.functions.iter().find(|(known, _)| *known == what) {
            return *known;
        }
        let signature = match what {
            Wanted::RareHelper | Wanted::RareRefill => self.rare_helper_signature,
            Wanted::Lanes(function) => {
                let convention = self.f.func.dfg.signatures[self.helper_signature].call_conv;
                self.f.import_signature(lane_function_signature(convention, function.operands()))
            }
            _ => self.helper_signature,
        };
        let data = ExtFuncData { name: self.name(what), signature, colocated: false, patchable: false };
        let function = self.f.import_function(data);
        self.functions.push((what, function));
        function
    }
}
