{{ utilisation('role', 'role_id') }}
