//! Tells rustc how Ruby wants to be linked to.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _ = rb_sys_env::activate()?;
    // Else the Makefile and the library that an installing gem leaves beside this file build all of it twice.
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
