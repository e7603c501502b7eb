using System.Runtime.InteropServices;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>The process of the server behind one connection.</summary>
/// <param name="Id">May be used again for another one.</param>
/// <param name="Started">Tells them apart.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ServerProcess(int Id, DateTime Started);
